using System.Text.Json.Nodes;

namespace Kta.Functional.Tests.CSharp;

/// <summary>Steps to put strategies around.</summary>
public static class Strategies
{
    /// <summary>A step that captures a variable, and what changes it.</summary>
    public static (Algorithm<JsonObject, JsonObject> Algorithm, Action Change) Changeable()
    {
        var count = 2;
        var algorithm = Algorithm.CreatePlan<JsonObject>(ctx => Plan.ForEach(ctx.Topology, _ => count));
        return (algorithm, () => count++);
    }
}
