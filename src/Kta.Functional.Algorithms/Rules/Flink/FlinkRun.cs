namespace Kta.Functional.Algorithms;

/// <summary>What was measured since the job was changed last, newest first: the samples of which windows are made.</summary>
internal sealed class FlinkRun
{
    private readonly List<FlinkSample> _samples;
    private readonly Graph _graph;
    private readonly FlinkAutoscalerOptions _options;
    private readonly Dictionary<int, double[]> _observed = [];

    /// <param name="now">The newest measurements.</param>
    /// <param name="context">The nodes, the time, and the past of them.</param>
    /// <param name="graph">Who feeds whom.</param>
    /// <param name="options">The settings.</param>
    internal FlinkRun(Measurements now, RuleContext context, Graph graph, FlinkAutoscalerOptions options)
    {
        (_graph, _options) = (graph, options);
        _samples = [.. Of(now, context)];
    }

    /// <summary>How many windows are known as a whole: those that end with one of so many of the newest samples.</summary>
    internal int FullWindows => _samples.FindIndex(sample => !IsFull(sample)) is var first and >= 0 ? first : _samples.Count;

    /// <summary>How many seconds are known.</summary>
    internal double Seconds => _samples[0].Second - _samples[^1].Start;

    /// <summary>When a window ends.</summary>
    internal double SecondOf(int window) => _samples[window].Second;

    /// <summary>What a window says about all nodes.</summary>
    /// <param name="window">0 for the newest.</param>
    internal FlinkStatistics[] At(int window)
    {
        var (last, start) = (window, _samples[window].Second - _options.MetricsWindow.TotalSeconds);
        while (last + 1 < _samples.Count && _samples[last + 1].Second > start)
        {
            last++;
        }

        return [.. Enumerable.Range(0, _graph.Count).Select(node => Statistics(node, window, last))];
    }

    private bool IsFull(FlinkSample sample) => sample.Second - _samples[^1].Start >= _options.MetricsWindow.TotalSeconds;

    private FlinkStatistics Statistics(int node, int first, int last)
    {
        var window = _samples.GetRange(first, last - first + 1);
        var recordsIn = Mean(window, sample => sample[node].RecordsIn.OrNaN);
        var busy = Mean(window, sample => sample.Useful(node));
        var observed = _graph.IsSource(node)
            ? FlinkRates.Average(ObservedOf(node)[first..(last + 1)], _options.ObservedMinObservations)
            : double.NaN;
        return new(
            recordsIn,
            Mean(window, sample => sample[node].RecordsOut.OrNaN),
            Arrivals(node, first, last),
            window[0][node].Lag.OrNaN,
            FlinkRates.TrueRate(recordsIn, busy, observed, _options.ObservedSwitchThreshold));
    }

    /// <summary>What was measured to arrive, otherwise what was taken in and how the lag grew meanwhile.</summary>
    private double Arrivals(int node, int first, int last)
    {
        if (Mean(_samples.GetRange(first, last - first + 1), sample => sample[node].ArrivalRate.OrNaN) is var arrivals && !double.IsNaN(arrivals))
        {
            return arrivals;
        }

        bool HasLag(int i) => !double.IsNaN(_samples[i][node].Lag.OrNaN);
        var (end, begin) = (first, Math.Min(last + 1, _samples.Count - 1)); // The sample in front of a window tells with what lag it begins.
        while (end <= last && !HasLag(end))
        {
            end++;
        }

        while (begin > end && !HasLag(begin))
        {
            begin--;
        }

        return begin <= end
            ? double.NaN
            : Math.Max(
                0,
                Mean(_samples.GetRange(end, begin - end), sample => sample[node].RecordsIn.OrNaN)
                + ((_samples[end][node].Lag.OrNaN - _samples[begin][node].Lag.OrNaN) / (_samples[end].Second - _samples[begin].Second)));
    }

    /// <summary>What a source could process, as seen at each sample; where it was not seen the mean of what was seen before.</summary>
    private double[] ObservedOf(int node)
    {
        if (_observed.TryGetValue(node, out var known))
        {
            return known;
        }

        var observed = new double[_samples.Count];
        for (var i = observed.Length - 1; i >= 0; i--)
        {
            var numbers = _samples[i][node];
            var start = _samples[i].Second - _options.MetricsWindow.TotalSeconds;
            observed[i] = FlinkRates.Observed(
                numbers.Lag.Value ?? 0, numbers.RecordsIn.OrNaN, numbers.BackPressured.OrNaN, _options.ObservedLagThreshold.TotalSeconds)
                ?? FlinkRates.Average(observed.Skip(i + 1).TakeWhile((_, k) => _samples[i + 1 + k].Second > start), _options.ObservedMinObservations);
        }

        return _observed[node] = observed;
    }

    /// <summary>Weighted with the time that each sample covers.</summary>
    private static double Mean(List<FlinkSample> samples, Func<FlinkSample, double> valueOf)
    {
        var (sum, seconds) = (0.0, 0.0);
        foreach (var sample in samples)
        {
            if (valueOf(sample) is var value && !double.IsNaN(value))
            {
                sum += value * (sample.Second - sample.Start);
                seconds += sample.Second - sample.Start;
            }
        }

        return sum / seconds;
    }

    private static IEnumerable<FlinkSample> Of(Measurements now, RuleContext context)
    {
        var current = context.Topology.Select(node => context.CurrentParallelism(node, now)).ToArray();
        var newest = new FlinkSample(now, context.Topology, SecondsOf(context.StartedAt));
        double? gap = null;
        for (var k = 0; ; k++)
        {
            var (past, hasChanged) = (context.History.At(k), context.History.HasChangedAt(k));
            if (past is null || hasChanged is not false || !IsAsNow(past, context.At(k, past), current))
            {
                // What a restart leaves of the time since a change is not known; it is no more than between two other samples.
                var since = past is not null && hasChanged is true ? newest.Second - SecondsOf(past.StartedAt) : 0;
                yield return newest with { Start = newest.Second - Math.Min(gap ?? since, since) };
                yield break;
            }

            var before = new FlinkSample(past.Measurements, context.Topology, SecondsOf(past.StartedAt));
            gap = newest.Second - before.Second;
            yield return newest with { Start = before.Second };
            newest = before;
        }
    }

    private static bool IsAsNow(PastIteration past, RuleContext then, int?[] current)
    {
        for (var i = 0; i < current.Length; i++)
        {
            if (then.CurrentParallelism(then.Topology[i], past.Measurements) != current[i])
            {
                return false;
            }
        }

        return true;
    }

    private static double SecondsOf(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;
}

/// <summary>One measurement of all nodes.</summary>
/// <param name="Numbers">What was measured.</param>
/// <param name="Topology">The nodes.</param>
/// <param name="Second">When.</param>
internal sealed record FlinkSample(Measurements Numbers, Topology Topology, double Second)
{
    /// <summary>From when on.</summary>
    internal double Start { get; init; } = Second;

    internal NodeMeasurements this[int node] => Numbers[Topology[node]];

    /// <summary>The share of time a node worked; NaN if nobody knows.</summary>
    internal double Useful(int node) => this[node] is var numbers && numbers.TrueProcessingRate.OrNaN > 0 && numbers.RecordsIn.Value is { } recordsIn
        ? recordsIn / numbers.TrueProcessingRate.OrNaN
        : numbers.Busy.OrNaN;
}
