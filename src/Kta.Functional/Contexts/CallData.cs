using Kta.Functional.Wire;

namespace Kta.Functional;

/// <summary>A request as seen with the types of an algorithm.</summary>
internal sealed class CallData<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    private readonly Algorithm<TMonitor, TAnalyze> _algorithm;
    private NodeKeys? _keys;

    internal CallData(ReceivedRequest request, Algorithm<TMonitor, TAnalyze> algorithm)
    {
        _algorithm = algorithm;
        Request = request;
        MonitorResult = new ReceivedResult<TMonitor>(request, request.MonitorResult, algorithm.MonitorCodec, Step.Monitor);
        AnalyzeResult = new ReceivedResult<TAnalyze>(request, request.AnalyzeResult, algorithm.AnalyzeCodec, Step.Analyze);
        History = new(ReadHistory());
    }

    internal ReceivedRequest Request { get; }

    internal ResultSlot<TMonitor> MonitorResult { get; }

    internal ResultSlot<TAnalyze> AnalyzeResult { get; }

    internal History<TMonitor, TAnalyze> History { get; }

    private IEnumerable<HistoryEntry<TMonitor, TAnalyze>> ReadHistory()
    {
        var rest = Request.History;
        for (var index = 0; TryReadEntry(index, ref rest, out var entry, out var problem); index++)
        {
            if (entry is not null)
            {
                yield return entry;
                continue;
            }

            if (_algorithm.UnreadableHistory == UnreadableHistory.Fail)
            {
                throw new InvalidRequestException([problem!]);
            }

            Request.Skip(problem!);
            if (_algorithm.UnreadableHistory == UnreadableHistory.Cut)
            {
                yield break;
            }
        }
    }

    private bool TryReadEntry(
        int index, ref Slice rest, out HistoryEntry<TMonitor, TAnalyze>? entry, out RequestProblem? problem)
    {
        (entry, problem) = (null, null);
        if (rest.Length == 0)
        {
            return false;
        }

        (entry, problem, var length) =
            Request.Body.Read(rest, (Call: this, index), static (json, at) => at.Call.ReadEntry(json.Span, at.index));
        rest = rest.Behind(length);
        return entry is not null || problem is not null;
    }

    /// <summary>The first entry of a list, or why it cannot be read, and the number of bytes up to the next one; neither at the end.</summary>
    private (HistoryEntry<TMonitor, TAnalyze>? Entry, RequestProblem? Problem, int Length) ReadEntry(ReadOnlySpan<byte> list, int index)
    {
        var start = list.IndexOf((byte)'{');
        if (start < 0)
        {
            return (null, null, list.Length);
        }

        var (entry, problem, length) = TakeApart(list[start..], index);
        return (entry, problem, start + length);
    }

    private (HistoryEntry<TMonitor, TAnalyze>? Entry, RequestProblem? Problem, int Length) TakeApart(ReadOnlySpan<byte> json, int index)
    {
        var path = new EntryPath(index);
        var parts = EntryReader.TakeApart(json, path, _keys ??= new NodeKeys(Request.Topology), Request.Topology.Count);
        if (parts.Unreadable is not null)
        {
            return (null, parts.Unreadable, parts.Length);
        }

        if (!new ResultPath(Step.Monitor, path).TryRead(
                _algorithm.MonitorCodec, Part(json, parts.MonitorResult), out var monitor, out var problem)
            || !TryReadAnalyzed(Part(json, parts.AnalyzeResult), path, out var analyze, out problem))
        {
            return (null, problem, parts.Length);
        }

        var plan = parts.SinglePlan is { } single ? Plan.Single(single) : Plan.Owning(parts.Plan);
        var entry = new HistoryEntry<TMonitor, TAnalyze>(
            monitor!, analyze, plan, parts.Parallelism, parts.Id, parts.Start ?? 0, parts.End ?? 0);
        return (entry, null, parts.Length);
    }

    private bool TryReadAnalyzed(ReadOnlySpan<byte> json, EntryPath path, out TAnalyze? result, out RequestProblem? problem)
    {
        if (!JsonText.IsEmptyObject(json))
        {
            return new ResultPath(Step.Analyze, path).TryRead(_algorithm.AnalyzeCodec, json, out result, out problem);
        }

        (result, problem) = (null, null);
        return true;
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> entry, Slice? slice) =>
        slice is { } known ? entry.Slice(known.Start, known.Length) : "{}"u8;
}
