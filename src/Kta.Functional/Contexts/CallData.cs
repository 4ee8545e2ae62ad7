using Kta.Functional.Hosting;
using Kta.Functional.Wire;

namespace Kta.Functional;

/// <summary>A request as seen with the types of an algorithm.</summary>
internal sealed class CallData<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    private readonly Algorithm<TMonitor, TAnalyze> _algorithm;
    private NodeKeys? _keys;
    private EntryScanner? _scanner;
    private History<TMonitor, TAnalyze>? _history;

    internal CallData(ReceivedRequest request, Algorithm<TMonitor, TAnalyze> algorithm)
    {
        _algorithm = algorithm;
        Request = request;
        MonitorResult = new ReceivedResult<TMonitor>(request, request.MonitorResult, algorithm.MonitorCodec, Step.Monitor);
        AnalyzeResult = new ReceivedResult<TAnalyze>(request, request.AnalyzeResult, algorithm.AnalyzeCodec, Step.Analyze);
    }

    internal ReceivedRequest Request { get; }

    internal ResultSlot<TMonitor> MonitorResult { get; }

    internal ResultSlot<TAnalyze> AnalyzeResult { get; }

    internal History<TMonitor, TAnalyze> History =>
        _history ?? Interlocked.CompareExchange(ref _history, new(ReadHistory()), null) ?? _history;

    /// <summary>Keeps what a plan changes, if somebody wants to know.</summary>
    internal void Tell(Plan plan)
    {
        if (Request.TellsChanges)
        {
            var applied = Request.Body.Read(
                new Slice(0, Request.History.End), this, static (json, call) => call.AppliedIn(json.Span, call.Request.History.Start));
            Request.Changes = new PlanChanges(Request.Topology, applied, plan);
        }
    }

    /// <summary>What the newest entry says is applied, whatever its results are.</summary>
    private Dictionary<TopologyNode, int>? AppliedIn(ReadOnlySpan<byte> utf8, int position)
    {
        var ahead = utf8[position..].IndexOf((byte)'{');
        return ahead < 0 ? null : PartsOf(utf8, new EntryPath(0), position + ahead).Parallelism;
    }

    private IEnumerable<HistoryEntry<TMonitor, TAnalyze>> ReadHistory()
    {
        var rest = Request.History;
        for (var index = 0; TryReadEntry(index, ref rest, out var entry, out var problem); index++)
        {
            if (problem is null)
            {
                yield return entry!;
                continue;
            }

            if (_algorithm.UnreadableHistory == UnreadableHistory.Fail)
            {
                throw new InvalidRequestException([problem]);
            }

            Request.Skip(problem);
            if (_algorithm.UnreadableHistory == UnreadableHistory.Cut)
            {
                yield break;
            }

            yield return entry ?? new(parallelism: null);
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
            Request.Body.Read(new Slice(0, rest.End), (Call: this, index, rest.Start), static (json, at) => at.Call.ReadEntry(json.Span, at.index, at.Start));
        rest = rest.Behind(length);
        return entry is not null || problem is not null;
    }

    /// <summary>The first entry behind a position, or why it cannot be read, and the number of bytes up to the next one; neither at the end.</summary>
    private (HistoryEntry<TMonitor, TAnalyze>? Entry, RequestProblem? Problem, int Length) ReadEntry(ReadOnlySpan<byte> utf8, int index, int position)
    {
        var ahead = utf8[position..].IndexOf((byte)'{');
        if (ahead < 0)
        {
            return (null, null, utf8.Length - position);
        }

        var (entry, problem, length) = TakeApart(utf8, index, position + ahead);
        return (entry, problem, ahead + length);
    }

    private (HistoryEntry<TMonitor, TAnalyze>? Entry, RequestProblem? Problem, int Length) TakeApart(ReadOnlySpan<byte> utf8, int index, int position)
    {
        var path = new EntryPath(index);
        var parts = PartsOf(utf8, path, position);
        var json = utf8.Slice(position, parts.Length);
        if (parts.Unreadable is not null)
        {
            return (null, parts.Unreadable, parts.Length);
        }

        if (!new ResultPath(Step.Monitor, path).TryRead(
                _algorithm.MonitorCodec, Part(json, parts.MonitorResult), out var monitor, out var problem)
            || !TryReadAnalyzed(Part(json, parts.AnalyzeResult), path, out var analyze, out problem))
        {
            return (new(parts.Parallelism), problem, parts.Length);
        }

        var plan = parts.SinglePlan is { } single ? Plan.Single(single) : Plan.Owning(parts.Plan);
        var entry = new HistoryEntry<TMonitor, TAnalyze>(
            monitor!, analyze, plan, parts.Parallelism, parts.Id, parts.Start ?? 0, parts.End ?? 0);
        return (entry, null, parts.Length);
    }

    private EntryParts PartsOf(ReadOnlySpan<byte> utf8, EntryPath path, int position)
    {
        _keys ??= new NodeKeys(Request.Topology);
        _scanner ??= new EntryScanner(_keys);
        var parts = EntryParts.For(Request.Topology);
        return _scanner.Measure(utf8, position, parts) >= 0
            ? parts
            : EntryReader.TakeApart(utf8[position..], path, _keys, Request.Topology);
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
