using System.ComponentModel;
using Kta.Functional.Algorithms;
using Kta.Functional.Http;
using Kta.Functional.Simulation;
using Microsoft.AspNetCore.Builder;

namespace Kta.Functional.Tests.CSharp;

/// <summary>Code that the documentation shows. A test compares.</summary>
public static class DocumentationSnippets
{
    /// <summary>docs/serve.md</summary>
    public static void Serve(Algorithm algorithm)
    {
        Bootstrap.Run(algorithm, new HttpBackend());
    }

    /// <summary>README.md, and that of the simulation</summary>
    public static async Task Simulate(Algorithm algorithm)
    {
        var run = await LocalOperator.RunAsync(algorithm, [TopologyNode.Deployment("orders")], iterations: 60);
        Console.Write(run.ToTable());
    }

    /// <summary>The README of the algorithms</summary>
    public static Algorithm Dummy()
    {
        var algorithm = DummyAutoscaler.Create(new DummyOptions(toggleThreshold: 2, firstReplicas: 4, secondReplicas: 2));
        return algorithm;
    }

    /// <summary>docs/serve.md</summary>
    public static WebApplication Embed(Algorithm algorithm)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddKta(algorithm);

        var app = builder.Build();
        app.MapKta().RequireHost("*:8096");

        return app;
    }

    /// <summary>docs/openapi.md</summary>
    public static ResultCodec<Observed> Describe(Func<Observed, string> encode, Func<string, Observed> decode)
    {
        var codec = Codec.FromText<Observed>(encode, decode).WithSchema(
            """
            {
              "type": "object",
              "required": ["rate"],
              "properties": { "rate": { "type": "number", "description": "Records per second." } },
              "examples": [{ "rate": 12000 }]
            }
            """);
        return codec;
    }
}

/// <summary>docs/openapi.md</summary>
[Description("What was measured.")]
public sealed record Observed([property: Description("Records per second.")] double Rate, TimeSpan? Age = null);
