using System.Collections.Concurrent;

namespace Kta.Functional.Wire;

/// <summary>A request that has been found to be well-formed and complete. User-defined parts are still bytes.</summary>
internal sealed class ReceivedRequest
{
    private ConcurrentQueue<RequestProblem>? _skipped;

    internal required RequestBody Body { get; init; }

    internal required string Id { get; init; }

    internal required long UdfStartTimestampMillis { get; init; }

    internal required Topology Topology { get; init; }

    /// <summary>The object, or null if the member is absent.</summary>
    internal required Slice? MonitorResult { get; init; }

    /// <summary>The object, or null if the member is absent.</summary>
    internal required Slice? AnalyzeResult { get; init; }

    /// <summary>The history entries, newest first: what is between the brackets of the list.</summary>
    internal required Slice History { get; init; }

    /// <summary>What is handed over within the process in place of a body; null for a request that came over the wire.</summary>
    internal HandedParts? Handed { get; private init; }

    /// <summary>History entries that were looked at and left out, with the reason.</summary>
    internal IReadOnlyList<RequestProblem> SkippedEntries => _skipped is null ? [] : [.. _skipped];

    /// <summary>A request within this process: the same as over the wire, but the history is no text.</summary>
    internal static ReceivedRequest Within(
        Topology topology,
        string id,
        long udfStartTimestampMillis,
        HandedResult monitorResult,
        HandedResult analyzeResult,
        IEnumerable<IHandedEntry> history) =>
        new()
        {
            Body = new RequestBody(default),
            Id = id,
            UdfStartTimestampMillis = udfStartTimestampMillis,
            Topology = topology,
            MonitorResult = null,
            AnalyzeResult = null,
            History = default,
            Handed = new(monitorResult, analyzeResult, history),
        };

    internal void Skip(RequestProblem entry) => LazyInitializer.EnsureInitialized(ref _skipped).Enqueue(entry);
}

/// <summary>What a request within the process hands over.</summary>
/// <param name="MonitorResult">What monitor has answered.</param>
/// <param name="AnalyzeResult">What analyze has answered.</param>
/// <param name="History">The earlier iterations, newest first.</param>
internal sealed record HandedParts(HandedResult MonitorResult, HandedResult AnalyzeResult, IEnumerable<IHandedEntry> History)
{
    internal HandedResult Of(Step producer) => producer == Step.Monitor ? MonitorResult : AnalyzeResult;
}
