namespace Kta.Functional.Algorithms;

/// <summary>One decision of queueing theory for all nodes.</summary>
internal sealed class MmcDecision
{
    private const double Artefact = 1e-9;

    private readonly RuleContext _context;
    private readonly MmcOptions _options;
    private readonly TrueRates _rates;
    private readonly Ds2Size[] _sizes;
    private readonly MmcQueue?[] _queues;

    internal MmcDecision(Measurements now, RuleContext context, MmcOptions options)
    {
        (_context, _options) = (context, options);
        CheckKeyed();
        _rates = new(now, context);
        _sizes = _rates.Sizes(scalingFactor: 0);
        _queues = [.. _sizes.Select((size, i) => size.IsSized ? QueueOf(i, size.TargetRate) : null)];
    }

    internal Plan Plan()
    {
        foreach (var queue in _queues.OfType<MmcQueue>().Where(_ => !_options.IsForTheNetwork))
        {
            while (!(WaitOf(queue) <= _options.TargetWait.TotalSeconds) && !queue.IsFull)
            {
                queue.Add();
            }
        }

        var first = _queues.Select(queue => queue?.Count ?? 0).ToArray();
        var network = _options.IsForTheNetwork ? GiveOut() : null;
        var plan = ByPosition.Plan(_context.Topology, [.. _queues.Select((queue, i) => queue?.Count ?? _rates.Current[i])]);
        for (var i = 0; i < _queues.Length; i++)
        {
            plan = _queues[i] is { } queue ? Explained(plan, i, queue, first[i], network) : _rates.Kept(plan, "M/M/c", i, _sizes[i]);
        }

        return plan;
    }

    /// <summary>The smallest number that is stable, and not busier than allowed.</summary>
    private MmcQueue QueueOf(int i, double arrivals)
    {
        var perInstance = _rates.Operators[i].PerInstance;
        var most = LargestParallelism.Limit(int.MaxValue - 1, _rates.Current[i], _rates.At(i), _options.MaxParallelism);
        var isKeyed = _options.Keyed.Contains("*") || _options.Keyed.Contains(_rates.NodeAt(i).ShortKey);
        var queue = new MmcQueue(arrivals, perInstance, _options.Variability, isKeyed, most);
        queue.GrowTo(Math.Max(_options.MinParallelism, Math.Ceiling((queue.Load / _options.MaxUtilization) - Artefact)));
        return queue;
    }

    private double WaitOf(MmcQueue queue) => _options.Quantile is { } quantile ? queue.WaitOf(quantile) : queue.MeanWait;

    /// <summary>One more instance where it saves most time, until the latency is reached, the instances are given out, or nothing is saved.</summary>
    private string? GiveOut()
    {
        var arrivals = _rates.Arrivals;
        var all = _queues.OfType<MmcQueue>().ToArray();
        var used = all.Sum(queue => (long)queue.Count) + _rates.Current.Where((_, i) => _queues[i] is null).Sum(count => (long)count);
        if (all.Length == 0 || !(arrivals > 0))
        {
            return null;
        }

        if (used > _options.MaxInstances)
        {
            return FormattableString.Invariant($"{used} instances are the least, more than the {_options.MaxInstances} there are to give out");
        }

        while (!(Latency(all, arrivals) <= _options.TargetLatency?.TotalSeconds) && !(used >= _options.MaxInstances)
            && all.Where(queue => !queue.IsFull).MaxBy(queue => queue.Gain) is { Gain: > 0 } next)
        {
            next.Add();
            used++;
        }

        var latency = Latency(all, arrivals);
        var (reached, wanted) = (1000 * latency, 1000 * _options.TargetLatency?.TotalSeconds);
        return wanted is null ? FormattableString.Invariant($"{used} instances give a latency of {reached:F2} ms")
            : latency <= _options.TargetLatency?.TotalSeconds ? FormattableString.Invariant($"{used} instances give a latency of {reached:F2} ms, {wanted:F2} ms are wanted")
            : FormattableString.Invariant($"a latency of {wanted:F2} ms cannot be reached, {used} instances give {reached:F2} ms");
    }

    /// <summary>The mean time in an open Jackson network.</summary>
    private static double Latency(MmcQueue[] queues, double arrivals) =>
        queues.Sum(queue => queue.Arrivals > 0 ? queue.Arrivals * queue.Response : 0) / arrivals;

    private Plan Explained(Plan plan, int i, MmcQueue queue, int first, string? network)
    {
        var (node, wait) = (_rates.NodeAt(i), 1000 * WaitOf(queue));
        plan = plan
            .WithNumber(node, RawNumber.NeededRate, queue.Arrivals)
            .WithNumber(node, RawNumber.RatePerInstance, _rates.Operators[i].PerInstance)
            .WithNumber(node, RawNumber.Instances, queue.Load)
            .WithNumber(node, "utilization", queue.Utilization)
            .WithNumber(node, "delayed", queue.Delayed);
        plan = double.IsFinite(wait) ? plan.WithNumber(node, "waitSeconds", wait / 1000) : plan;
        var what = _options.Quantile is null ? "mean wait" : "wait";
        plan = double.IsFinite(wait)
            ? plan.Because(
                node,
                $"M/M/c: {new Rate(queue.Arrivals)}/s at {new Rate(_rates.Operators[i].PerInstance)}/s per instance → {queue.Count} ({queue.Utilization:P0} busy, {what} {wait:F2} ms)")
            : plan.Because(
                node, $"M/M/c: {new Rate(queue.Arrivals)}/s at {new Rate(_rates.Operators[i].PerInstance)}/s per instance → {queue.Count}, which are not enough");
        if (network is not null)
        {
            plan = queue.Count > first
                ? plan.Because(node, $"M/M/c: {queue.Count - first} more than the least; {network}")
                : plan.Because(node, $"M/M/c: {network}");
        }

        var isTooSlow = !_options.IsForTheNetwork && wait > _options.TargetWait.TotalMilliseconds;
        return queue.IsFull && (isTooSlow || queue.Utilization > _options.MaxUtilization) ? plan.Because(node, $"M/M/c: limited to {queue.Count}") : plan;
    }

    private void CheckKeyed()
    {
        var names = _context.Topology.Select(node => node.ShortKey).Append("*").ToHashSet();
        if (_options.Keyed.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw new UdfResultException(
                $"M/M/c: keyed names '{unknown}', which is no node of the topology. The nodes are: {string.Join(", ", _context.Topology.Select(node => node.ShortKey))}.");
        }
    }
}
