using System.Text.Json.Serialization;

namespace Kta.Functional.Tests.CSharp;

/// <summary>What the monitor steps of these tests answer.</summary>
public sealed record Load(double RecordsPerSecond);

/// <summary>What the analyze steps of these tests answer.</summary>
public sealed record Demand(int Instances);

/// <summary>A result that knows something about each node.</summary>
public sealed record LoadPerNode(IReadOnlyDictionary<TopologyNode, double> Rates, string? Note = null);

/// <summary>A result with parameters that are the default of a struct.</summary>
public sealed record Timed(DateTimeOffset At, TimeSpan Age = default, Guid Id = default, DayOfWeek Day = default);

/// <summary>Nodes wherever JSON can hold them, with the base type and with the derived ones.</summary>
public sealed record Nodes(
    TopologyNode Any,
    ScaleTargetRef Target,
    FlinkStreamingGraphNode Vertex,
    List<TopologyNode> List,
    Dictionary<TopologyNode, int> ByAny,
    Dictionary<ScaleTargetRef, int> ByTarget,
    Dictionary<FlinkStreamingGraphNode, int> ByVertex)
{
    /// <summary>The same nodes in every place.</summary>
    public static Nodes Of(ScaleTargetRef target, FlinkStreamingGraphNode vertex) => new(
        target,
        target,
        vertex,
        [vertex, target],
        new() { [target] = 1, [vertex] = 2 },
        new() { [target] = 3 },
        new() { [vertex] = 4 });
}

/// <summary>Metadata made by the compiler instead of by reflection.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(Load))]
[JsonSerializable(typeof(Demand))]
[JsonSerializable(typeof(LoadPerNode))]
[JsonSerializable(typeof(Nodes))]
[JsonSerializable(typeof(string[]))]
public sealed partial class ResultsContext : JsonSerializerContext;

/// <summary>A result with a public field, a setter only it can call, and a tuple.</summary>
public sealed class OddlyMade
{
    /// <summary>A public field.</summary>
    public double Field;

    /// <summary>Set by <see cref="Set"/>.</summary>
    public double Hidden { get; private set; }

    /// <summary>A tuple has fields.</summary>
    public (double Low, double High) Limits { get; init; }

    /// <summary>Sets what nobody else can.</summary>
    public OddlyMade Set(double value)
    {
        Hidden = value;
        return this;
    }
}

/// <summary>A result whose absence must not pass for a zero.</summary>
public sealed class Settable
{
    /// <summary>A number.</summary>
    public double Rate { get; set; }
}
