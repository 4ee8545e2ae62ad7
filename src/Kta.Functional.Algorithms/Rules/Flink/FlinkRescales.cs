namespace Kta.Functional.Algorithms;

/// <summary>The changes of a job that the history tells.</summary>
internal sealed class FlinkRescales(RuleContext context, Graph graph, FlinkAutoscalerOptions options)
{
    private readonly Dictionary<int, FlinkStatistics[]?> _known = [];

    /// <summary>The changes of a node, newest first, as far as it is known what it could process then.</summary>
    internal IEnumerable<FlinkRescale> Of(int node)
    {
        foreach (var (k, past) in Changes())
        {
            if (ParallelismAt(k, node, past) is { } before && past.Parallelism[context.Topology[node]] is var after && after != before
                && StatisticsAt(k, past)?[node].TrueRate is { } trueRate)
            {
                yield return new(before, after, trueRate, trueRate / before * after);
            }
        }
    }

    /// <summary>How many seconds passed until what was applied was measured to run and to process something.</summary>
    internal IEnumerable<double> Restarts(Measurements now) => Changes()
        .Take(options.HistoryMaxCount)
        .Select(change => SecondsUntilRunning(change.Index, change.Past, now));

    private IEnumerable<(int Index, PastIteration Past)> Changes()
    {
        for (var k = 0; context.History.At(k) is { } past && context.StartedAt - past.StartedAt <= options.HistoryMaxAge; k++)
        {
            if (context.History.HasChangedAt(k) is true)
            {
                yield return (k, past);
            }
        }
    }

    private int? ParallelismAt(int k, int node, PastIteration past) =>
        context.At(k, past).CurrentParallelism(context.Topology[node], past.Measurements);

    private FlinkStatistics[]? StatisticsAt(int k, PastIteration past)
    {
        if (!_known.TryGetValue(k, out var statistics))
        {
            var run = new FlinkRun(past.Measurements, context.At(k, past), graph, options);
            _known[k] = statistics = run.FullWindows > 0 ? run.At(0) : null;
        }

        return statistics;
    }

    private double SecondsUntilRunning(int k, PastIteration past, Measurements now)
    {
        for (var i = k - 1; i >= -1; i--)
        {
            var later = i < 0 ? null : context.History.At(i);
            var measured = later?.Measurements ?? now;
            if (context.Topology.All(node => measured[node].Parallelism.Value == past.Parallelism[node])
                && context.Topology.Any(node => measured[node].RecordsIn.Value > 0))
            {
                return ((later?.StartedAt ?? context.StartedAt) - past.StartedAt).TotalSeconds;
            }

            if (later is not null && context.History.HasChangedAt(i) is true)
            {
                break;
            }
        }

        return double.NaN;
    }
}
