namespace Kta.Functional.Algorithms;

/// <summary>One decision of the lag rule for all nodes.</summary>
internal sealed class KafkaLagDecision
{
    private readonly Measurements _now;
    private readonly RuleContext _context;
    private readonly KafkaLagOptions _options;
    private readonly Graph _graph;
    private readonly bool[] _isConsumer;
    private readonly List<Wish[]> _past = [];

    internal KafkaLagDecision(Measurements now, RuleContext context, KafkaLagOptions options)
    {
        (_now, _context, _options) = (now, context, options);
        _graph = Graph.Of(context.Topology, now);
        _isConsumer = [.. context.Topology.Select((node, i) => _graph.IsSource(i) || HasHadLag(node))];
    }

    internal Plan Plan()
    {
        var nodes = _context.Topology;
        var current = _context.CurrentOfAll(_now);
        var wishes = Wishes(_now, i => current[i]);
        var chosen = new (int Replicas, bool ReachesBack)[current.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            var at = i;
            chosen[i] = wishes[i].Replicas is { } desired
                ? Stabilization.Down(_context, nodes[i], current[i], desired, _options.StabilizationWindow, (k, _) => PastWish(k, at))
                : (current[i], true);
        }

        var plan = ByPosition.Plan(nodes, [.. chosen.Select(one => one.Replicas)]);
        for (var i = 0; i < chosen.Length; i++)
        {
            plan = Explained(plan, i, current[i], wishes[i], chosen[i]);
        }

        return plan;
    }

    /// <summary>Whether the node has a lag of its own: one that was measured, or is missing now and was measured before.</summary>
    private bool HasHadLag(TopologyNode node)
    {
        var hasLag = _now[node].Lag.State != ReadingState.Absent;
        for (var k = 0; !hasLag && _context.History.At(k) is { } past; k++)
        {
            hasLag = past.Measurements[node].Lag.State != ReadingState.Absent;
            if (_context.StartedAt - past.StartedAt >= _options.StabilizationWindow)
            {
                break;
            }
        }

        return hasLag;
    }

    /// <summary>What was wanted in an iteration of the past.</summary>
    private int? PastWish(int index, int node)
    {
        while (_past.Count <= index)
        {
            var k = _past.Count;
            _past.Add(Wishes(
                _context.History.At(k)!.Measurements, i => _context.History.ParallelismAt(k, _context.Topology[i])));
        }

        return _past[index][node].Replicas;
    }

    private Wish[] Wishes(Measurements measured, Func<int, int?> currentOf)
    {
        var wishes = new Wish[_graph.Count];
        foreach (var i in _graph.Order)
        {
            wishes[i] = _isConsumer[i] ? WishOf(measured[_context.Topology[i]], currentOf(i)) : Following(i, wishes, measured[_context.Topology[i]]);
        }

        return wishes;
    }

    private Wish WishOf(NodeMeasurements numbers, int? known)
    {
        if (known is not { } current || numbers.Lag.Value is not { } measured)
        {
            return new() { Problem = $"its lag is {numbers.Lag}" };
        }

        var lag = (long)Math.Min(Math.Round(measured), long.MaxValue / 2);
        var isActive = KafkaLagModel.IsActive(lag, _options.ActivationLagThreshold);
        var threshold = ThresholdOf(numbers, current);
        if (isActive && threshold is null)
        {
            return new() { Problem = "the rate of an instance is not known, and drainWithin needs it" };
        }

        // Without partitions there is nothing to cap by, and nothing to distribute.
        var partitions = (int?)numbers.Partitions.Value;
        var sharing = new KafkaSharing(threshold ?? 1, _options.AllowIdleConsumers || partitions is null, _options.EnsureEvenDistributionOfPartitions && partitions is not null);
        var most = sharing is { AllowIdle: true, Even: false } ? int.MaxValue : partitions!.Value;

        // KEDA bounds what is above a whole instance more only, so that the tolerance would keep fewer for more lag.
        var metric = (long)Int128.Min(KafkaLagModel.Metric(lag, partitions ?? 0, partitions ?? 0, sharing), most * (Int128)sharing.Threshold);
        var (_, replicas) = KafkaLagModel.Replicas(metric, sharing.Threshold, current, _options.MinReplicas, _options.MaxReplicas, _options.Tolerance);
        var capped = Math.Min(replicas, Math.Max(most, _options.MinReplicas));
        return new()
        {
            Lag = lag,
            IsActive = isActive,
            Threshold = sharing.Threshold,
            IsCapped = isActive && (capped < replicas || metric < lag),
            Partitions = partitions ?? 0,
            Replicas = numbers.Limited(KafkaLagModel.Activation(capped, isActive, _options.MinReplicas, idle: _options.MinReplicas)),
        };
    }

    private long? ThresholdOf(NodeMeasurements numbers, int current)
    {
        if (_options.DrainWithin is not { } within)
        {
            return _options.LagThreshold;
        }

        var share = TrueRates.TrueProcessing(numbers) / current * within.TotalSeconds;
        return double.IsFinite(share) && share > 0 ? (long)Math.Clamp(Math.Round(share), 1, long.MaxValue / 2) : null;
    }

    /// <summary>A node without a lag of its own has as many instances as the largest that feeds it, if anybody looks at it.</summary>
    private Wish Following(int i, Wish[] wishes, NodeMeasurements numbers)
    {
        if (numbers.RecordsIn.Value is null && numbers.Busy.Value is null)
        {
            return new() { Problem = $"its lag is {numbers.Lag}, and what it does is not known" };
        }

        var leaders = _graph.Upstream[i];
        var unknown = Array.FindIndex(leaders, from => wishes[from].Replicas is null);
        if (unknown >= 0)
        {
            return new() { Problem = $"it follows {_context.Topology[leaders[unknown]]}, whose need is not known" };
        }

        var leader = leaders.MaxBy(from => wishes[from].Replicas);
        return new() { Leader = _context.Topology[leader], IsActive = true, Replicas = numbers.Limited(wishes[leader].Replicas!.Value) };
    }

    private Plan Explained(Plan plan, int i, int current, Wish wish, (int Replicas, bool ReachesBack) chosen)
    {
        var node = _context.Topology[i];
        if (wish.Replicas is not { } desired)
        {
            return plan.ForLackOfData(node, $"KafkaLag: keeps {current}, {wish.Problem}");
        }

        var what = desired == current ? "keeps" : "→";
        if (wish.Leader is not null)
        {
            plan = plan.Because(node, $"KafkaLag: follows {wish.Leader} {what} {desired}");
        }
        else
        {
            plan = plan.WithNumber(node, Quantity.Lag.WireName().Value, wish.Lag);
            plan = !wish.IsActive
                ? plan.Because(node, $"KafkaLag: lag {new Rate(wish.Lag)} is at most {_options.ActivationLagThreshold}, nothing to do {what} {desired}")
                : plan.Because(node, $"KafkaLag: lag {new Rate(wish.Lag)} at {new Rate(wish.Threshold)} per instance {what} {desired}");
            plan = wish.IsCapped ? plan.Because(node, $"KafkaLag: no more than its {wish.Partitions} partitions, others would idle") : plan;
        }

        return Stabilization.Explained(plan, node, "KafkaLag", (current, desired, chosen.Replicas), chosen.ReachesBack, _options.StabilizationWindow);
    }

    private readonly record struct Wish
    {
        /// <summary>How many instances; null if that cannot be told.</summary>
        internal int? Replicas { get; init; }

        internal string? Problem { get; init; }

        internal TopologyNode? Leader { get; init; }

        internal bool IsActive { get; init; }

        internal long Lag { get; init; }

        internal long Threshold { get; init; }

        internal bool IsCapped { get; init; }

        internal int Partitions { get; init; }
    }
}
