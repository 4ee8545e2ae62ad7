namespace Kta.Functional.Wire;

/// <summary>An earlier iteration that is handed over within this process: there is a text only for who asks for it.</summary>
internal interface IHandedEntry
{
    string Id { get; }

    long UdfStartTimestampMillis { get; }

    long UdfEndTimestampMillis { get; }

    HandedResult Monitor { get; }

    HandedResult Analyze { get; }

    IReadOnlyDictionary<TopologyNode, int> PlanResult { get; }

    IReadOnlyDictionary<TopologyNode, int> Parallelism { get; }

    /// <summary>The entry that was made of it before, if that can be made once for all.</summary>
    KnownEntry? Known { get; set; }

    /// <summary>The entry as the operator would send it.</summary>
    ReadOnlyMemory<byte> ToUtf8();
}

/// <summary>An entry of the history that was made before.</summary>
/// <param name="MonitorCodec">What has read monitor's result.</param>
/// <param name="AnalyzeCodec">What has read analyze's result.</param>
/// <param name="Entry">The entry.</param>
internal sealed record KnownEntry(object MonitorCodec, object AnalyzeCodec, object Entry);
