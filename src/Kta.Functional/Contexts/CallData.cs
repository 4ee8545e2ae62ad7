using Kta.Functional.Wire;

namespace Kta.Functional;

/// <summary>A request as seen with the types of an algorithm.</summary>
internal sealed class CallData<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    private readonly Algorithm<TMonitor, TAnalyze> _algorithm;
    private readonly NodeKeys _keys = new();

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
        for (var i = 0; i < Request.History.Count; i++)
        {
            var (entry, problem) = ReadEntry(i);
            if (entry is not null)
            {
                yield return entry;
                continue;
            }

            if (_algorithm.UnreadableHistory == UnreadableHistory.Fail)
            {
                throw new InvalidRequestException([problem!]);
            }

            Request.SkippedEntries.Enqueue(problem!);
            if (_algorithm.UnreadableHistory == UnreadableHistory.Cut)
            {
                yield break;
            }
        }
    }

    private (HistoryEntry<TMonitor, TAnalyze>? Entry, RequestProblem? Problem) ReadEntry(int index) =>
        Request.Body.Read(Request.History[index], (Call: this, index), static (json, at) => at.Call.ReadEntry(json.Span, at.index));

    private (HistoryEntry<TMonitor, TAnalyze>? Entry, RequestProblem? Problem) ReadEntry(ReadOnlySpan<byte> json, int index)
    {
        var path = new EntryPath(index);
        var parts = EntryReader.TakeApart(json, path, _keys);
        if (parts.Unreadable is not null)
        {
            return (null, parts.Unreadable);
        }

        if (!TryDecode(json, parts.MonitorResult, _algorithm.MonitorCodec, $"{path.Text}.monitorResult", out var monitor, out var problem)
            || !TryDecodeOptional(json, parts.AnalyzeResult, path, out var analyze, out problem))
        {
            return (null, problem);
        }

        var plan = parts.SinglePlan is { } single ? Plan.Single(single) : parts.Plan.Count == 0 ? Plan.Empty : Plan.Of(parts.Plan);
        var entry = new HistoryEntry<TMonitor, TAnalyze>(
            monitor!, analyze, plan, parts.Parallelism, parts.Id, parts.Start ?? 0, parts.End ?? 0);
        return (entry, null);
    }

    private bool TryDecodeOptional(
        ReadOnlySpan<byte> entry, Slice? slice, EntryPath path, out TAnalyze? result, out RequestProblem? problem)
    {
        if (slice is { } known && !JsonObjects.IsEmpty(entry.Slice(known.Start, known.Length)))
        {
            return TryDecode(entry, slice, _algorithm.AnalyzeCodec, $"{path.Text}.analyzeResult", out result, out problem);
        }

        (result, problem) = (null, null);
        return true;
    }

    private static bool TryDecode<T>(
        ReadOnlySpan<byte> entry, Slice? slice, ResultCodec<T> codec, string path, out T? result, out RequestProblem? problem)
        where T : class
    {
        (result, problem) = (null, null);
        try
        {
            result = codec.Read(slice is { } known ? entry.Slice(known.Start, known.Length) : "{}"u8);
            return true;
        }
        catch (UnreadableResultException error)
        {
            problem = new(path + error.Path[1..], $"a {TypeText.Of(typeof(T))}", "something else: " + error.Reason);
        }
        catch (Exception error) when (error is not KtaException)
        {
            problem = new(path, $"a {TypeText.Of(typeof(T))}", "something else: " + error.Message);
        }

        return false;
    }
}
