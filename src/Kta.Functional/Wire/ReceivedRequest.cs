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

    /// <summary>History entries that were looked at and left out, with the reason.</summary>
    internal IReadOnlyList<RequestProblem> SkippedEntries => _skipped is null ? [] : [.. _skipped];

    internal void Skip(RequestProblem entry) => LazyInitializer.EnsureInitialized(ref _skipped).Enqueue(entry);
}
