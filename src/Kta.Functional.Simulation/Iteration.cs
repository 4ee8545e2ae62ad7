using System.Text;
using System.Text.Json.Nodes;

namespace Kta.Functional.Simulation;

/// <summary>One turn of the loop in which all steps succeeded.</summary>
public sealed class Iteration
{
    internal Iteration(int number, int attempts, FinishedIteration finished)
    {
        Number = number;
        Attempts = attempts;
        Finished = finished;
    }

    /// <summary>Counts from 1.</summary>
    public int Number { get; }

    /// <summary>How often it was tried; 1 if it succeeded at once.</summary>
    public int Attempts { get; }

    /// <summary>The id of the iteration.</summary>
    public string Id => Finished.Id;

    /// <summary>When monitor was called.</summary>
    public DateTimeOffset StartedAt => DateTimeOffset.FromUnixTimeMilliseconds(Finished.UdfStartTimestampMillis);

    /// <summary>When plan had answered.</summary>
    public DateTimeOffset EndedAt => DateTimeOffset.FromUnixTimeMilliseconds(Finished.UdfEndTimestampMillis);

    /// <summary>What monitor answered, as JSON text.</summary>
    public string MonitorResult => Encoding.UTF8.GetString(Finished.MonitorResult.Span);

    /// <summary>What analyze answered, as JSON text; <c>{}</c> for nothing.</summary>
    public string AnalyzeResult => Encoding.UTF8.GetString(Finished.AnalyzeResult.Span);

    /// <summary>What plan asked for.</summary>
    public IReadOnlyDictionary<TopologyNode, int> Plan => Finished.PlanResult;

    /// <summary>What was applied: the plan, clamped to the minimum and maximum.</summary>
    public IReadOnlyDictionary<TopologyNode, int> Parallelism => Finished.Parallelism;

    /// <summary>Why the plan is as it is; null if plan is called over HTTP, unless <see cref="LocalOperatorOptions.Explain"/>.</summary>
    public Explanation? Explanation => Finished.Explanation;

    internal FinishedIteration Finished { get; }

    /// <summary>What monitor answered, as an object of its own.</summary>
    public JsonObject ReadMonitorResult() => Codec.Untyped.Read(Finished.MonitorResult.Span);

    /// <summary>What analyze answered, as an object of its own; empty for nothing.</summary>
    public JsonObject ReadAnalyzeResult() => Codec.Untyped.Read(Finished.AnalyzeResult.Span);
}
