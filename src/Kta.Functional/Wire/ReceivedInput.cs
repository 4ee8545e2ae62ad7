namespace Kta.Functional.Wire;

/// <summary>What came with a request, seen with the types of an algorithm.</summary>
internal sealed class ReceivedInput<TMonitor, TAnalyze> : ContextInput<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    private readonly ReceivedRequest _request;
    private readonly ResultCodec<TMonitor> _monitorCodec;
    private readonly ResultCodec<TAnalyze> _analyzeCodec;
    private readonly UnreadableHistory _unreadable;
    private NodeKeyCache? _keys;
    private CanonicalEntryReader? _canonical;
    private History<TMonitor, TAnalyze>? _history;
    private ResultSlot<TMonitor>? _monitorResult;
    private ResultSlot<TAnalyze>? _analyzeResult;

    internal ReceivedInput(
        ReceivedRequest request, ResultCodec<TMonitor> monitorCodec, ResultCodec<TAnalyze> analyzeCodec, UnreadableHistory unreadable)
    {
        (_request, _monitorCodec, _analyzeCodec, _unreadable) = (request, monitorCodec, analyzeCodec, unreadable);
    }

    internal override ResultSlot<TMonitor> MonitorResult =>
        _monitorResult ??= new ReceivedResult<TMonitor>(_request, _request.MonitorResult, _monitorCodec, Step.Monitor);

    internal override ResultSlot<TAnalyze> AnalyzeResult =>
        _analyzeResult ??= new ReceivedResult<TAnalyze>(_request, _request.AnalyzeResult, _analyzeCodec, Step.Analyze);

    internal override History<TMonitor, TAnalyze> History =>
        _history ?? Interlocked.CompareExchange(ref _history, new(ReadHistory()), null) ?? _history;

    internal override IReadOnlyDictionary<TopologyNode, int>? Applied =>
        _request.Handed is { } handed
            ? handed.History.FirstOrDefault()?.Parallelism
            : _request.Body.Read(new Slice(0, _request.History.End), this, static (json, input) => input.AppliedIn(json.Span, input._request.History.Start));

    private Dictionary<TopologyNode, int>? AppliedIn(ReadOnlySpan<byte> utf8, int position)
    {
        var ahead = utf8[position..].IndexOf((byte)'{');
        return ahead < 0 ? null : PartsOf(utf8, new ObjectPath(0), position + ahead).Parallelism;
    }

    private IEnumerable<HistoryEntry<TMonitor, TAnalyze>> ReadHistory()
    {
        foreach (var (entry, problem) in _request.Handed is { } handed ? ReadHanded(handed.History) : ReadReceived())
        {
            if (problem is null)
            {
                yield return entry!;
                continue;
            }

            if (_unreadable == UnreadableHistory.Fail)
            {
                throw new InvalidRequestException([problem]);
            }

            _request.Skip(problem);
            if (_unreadable == UnreadableHistory.Cut)
            {
                yield break;
            }

            yield return entry ?? new(parallelism: null);
        }
    }

    private IEnumerable<(HistoryEntry<TMonitor, TAnalyze>? Entry, RequestProblem? Problem)> ReadReceived()
    {
        var rest = _request.History;
        for (var index = 0; TryReadEntry(index, ref rest, out var entry, out var problem); index++)
        {
            yield return (entry, problem);
        }
    }

    private IEnumerable<(HistoryEntry<TMonitor, TAnalyze>? Entry, RequestProblem? Problem)> ReadHanded(IEnumerable<IHandedEntry> entries)
    {
        var index = 0;
        foreach (var handed in entries)
        {
            yield return _request.Body.Read(default, (Input: this, index, handed), static (_, at) => at.Input.ReadHanded(at.handed, at.index));
            index++;
        }
    }

    private (HistoryEntry<TMonitor, TAnalyze>? Entry, RequestProblem? Problem) ReadHanded(IHandedEntry handed, int index)
    {
        if (handed.Known is { Entry: HistoryEntry<TMonitor, TAnalyze> known } by && by.MonitorCodec == _monitorCodec && by.AnalyzeCodec == _analyzeCodec)
        {
            return (known, null);
        }

        if (handed.PlanResult.Values.Any(count => count < 1))
        {
            // What another server has answered in an earlier run, and no plan can hold.
            var (entry, unreadable, _) = TakeApart(handed.ToUtf8().Span, index, 0);
            return (entry, unreadable);
        }

        var path = new ObjectPath(index);
        TAnalyze? analyze = null;
        if (!handed.Monitor.TryRead(_monitorCodec, new ResultPath(Step.Monitor, path), out var monitor, out var problem)
            || (!handed.Analyze.IsNothing && !handed.Analyze.TryRead(_analyzeCodec, new ResultPath(Step.Analyze, path), out analyze, out problem)))
        {
            return (new(handed.Parallelism), problem);
        }

        var made = new HistoryEntry<TMonitor, TAnalyze>(
            monitor!,
            analyze,
            // Reasons do not come back.
            Plan.Owning(handed.PlanResult is Plan plan ? plan.ByNode : handed.PlanResult.ToDictionary()),
            handed.Parallelism,
            handed.Id,
            handed.UdfStartTimestampMillis,
            handed.UdfEndTimestampMillis);
        if (_monitorCodec.IsShareable && _analyzeCodec.IsShareable)
        {
            handed.Known = new(_monitorCodec, _analyzeCodec, made);
        }

        return (made, null);
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
            _request.Body.Read(new Slice(0, rest.End), (Input: this, index, rest.Start), static (json, at) => at.Input.ReadEntry(json.Span, at.index, at.Start));
        rest = rest.Skip(length);
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
        var path = new ObjectPath(index);
        var parts = PartsOf(utf8, path, position);
        var json = utf8.Slice(position, parts.Length);
        if (parts.Unreadable is not null)
        {
            return (null, parts.Unreadable, parts.Length);
        }

        if (!new ResultPath(Step.Monitor, path).TryRead(
                _monitorCodec, Part(json, parts.MonitorResult), out var monitor, out var problem)
            || !TryReadAnalyzed(Part(json, parts.AnalyzeResult), path, out var analyze, out problem))
        {
            return (new(parts.Parallelism), problem, parts.Length);
        }

        var plan = parts.SinglePlan is { } single ? Plan.Single(single) : Plan.Owning(parts.Plan);
        var entry = new HistoryEntry<TMonitor, TAnalyze>(
            monitor!, analyze, plan, parts.Parallelism, parts.Id, parts.Start ?? 0, parts.End ?? 0);
        return (entry, null, parts.Length);
    }

    private EntryParts PartsOf(ReadOnlySpan<byte> utf8, ObjectPath path, int position)
    {
        if (_canonical is null)
        {
            _canonical = new CanonicalEntryReader();
            _canonical.Begin(_keys = new NodeKeyCache(_request.Topology));
        }

        var parts = EntryParts.For(_request.Topology);
        return _canonical.Measure(utf8, position, parts) >= 0
            ? parts
            : LenientEntryReader.TakeApart(utf8[position..], path, _keys!, _request.Topology);
    }

    private bool TryReadAnalyzed(ReadOnlySpan<byte> json, ObjectPath path, out TAnalyze? result, out RequestProblem? problem)
    {
        if (!JsonText.IsEmptyObject(json))
        {
            return new ResultPath(Step.Analyze, path).TryRead(_analyzeCodec, json, out result, out problem);
        }

        (result, problem) = (null, null);
        return true;
    }

    private static ReadOnlySpan<byte> Part(ReadOnlySpan<byte> entry, Slice? slice) =>
        slice is { } known ? entry.Slice(known.Start, known.Length) : "{}"u8;
}
