namespace Kta.Functional.Algorithms;

/// <summary>One decision of the Flink rule for all nodes.</summary>
internal sealed class FlinkDecision
{
    private readonly Measurements _now;
    private readonly RuleContext _context;
    private readonly FlinkAutoscalerOptions _options;
    private readonly Graph _graph;
    private readonly int[] _current;
    private readonly FlinkVertex[] _vertices;
    private readonly FlinkRun _run;
    private readonly FlinkRescales _rescales;
    private readonly double _restart;
    private readonly List<FlinkProposal[]> _proposals = [];

    internal FlinkDecision(Measurements now, RuleContext context, FlinkAutoscalerOptions options)
    {
        (_now, _context, _options) = (now, context, options);
        _graph = Graph.Of(context.Topology, now);
        _current = context.CurrentOfAll(now);
        _vertices = [.. context.Topology.Select((node, i) => VertexOf(node, now[node], _current[i]))];
        _run = new(now, context, _graph, options);
        _rescales = new(context, _graph, options);
        _restart = options.RestartTimeTracking
            ? FlinkMemory.Restart(_rescales.Restarts(now), options.RestartTime.TotalSeconds, options.RestartTimeLimit.TotalSeconds)
            : options.RestartTime.TotalSeconds;
    }

    internal Plan Plan()
    {
        if (_run.FullWindows == 0)
        {
            return _context.Topology.Aggregate(ByPosition.Plan(_context.Topology, _current), (plan, node) => plan.Because(
                node, $"Flink: keeps {plan[node]}, the measurements since the last change cover {_run.Seconds:0} s, metricsWindow is {_options.MetricsWindow.TotalSeconds} s"));
        }

        var proposals = At(0);
        var decided = new FlinkVerdict[_current.Length];
        for (var i = 0; i < decided.Length; i++)
        {
            decided[i] = Decide(i, proposals[i]);
        }

        var rescales = FlinkJob.Rescales(decided.Select(one => one.Decided), _current);
        var plan = ByPosition.Plan(_context.Topology, rescales ? [.. decided.Select(one => one.Decided.Parallelism)] : _current);
        for (var i = 0; i < decided.Length; i++)
        {
            plan = Explained(plan, i, proposals[i], decided[i]);
        }

        return plan;
    }

    private bool IsKeyed(TopologyNode node) =>
        _now.Edges?.Any(edge => edge.IsKeyed && edge.To == node) == true || _options.KeyedNodes.Contains(node.ShortKey, StringComparer.Ordinal);

    private FlinkVertex VertexOf(TopologyNode node, NodeMeasurements numbers, int current)
    {
        var most = (int?)numbers.MaxParallelism.LastValue;
        return new(
            current, most ?? int.MaxValue, (int?)numbers.Partitions.LastValue ?? 0, most is not null && IsKeyed(node));
    }

    /// <summary>What the window that ends with a sample says, 0 for the newest.</summary>
    private FlinkProposal[] At(int window)
    {
        while (_proposals.Count <= window)
        {
            var statistics = _run.At(_proposals.Count);
            var job = new FlinkJob(_graph, statistics, _options);
            _proposals.Add([.. _vertices.Select((vertex, i) =>
                vertex.Propose(job.Demands[i], statistics[i].TrueRate, _options, job.HasBacklog, _restart, ScalabilityOf(i)))]);
        }

        return _proposals[window];
    }

    private double ScalabilityOf(int node) => _options.ObservedScalability
        ? FlinkMemory.Scalability(
            [.. _rescales.Of(node).Take(_options.HistoryMaxCount).Reverse().Select(rescale => (rescale.Before, rescale.TrueRate))],
            _options.ObservedScalabilityMinObservations,
            _options.ObservedScalabilityCoefficientMin)
        : 1;

    private FlinkVerdict Decide(int node, FlinkProposal proposal)
    {
        var (now, current) = (_run.SecondOf(0), _current[node]);
        var keeps = new FlinkRecommendation(now, current, IsOutside: false);
        if (_options.ExcludedNodes.Contains(_context.Topology[node].ShortKey, StringComparer.Ordinal))
        {
            return new(keeps) { IsExcluded = true };
        }

        if (proposal.Parallelism < current)
        {
            var (decided, waited) = FlinkMemory.DelayScaleDown(current, Recommendations(node), _options.ScaleDownInterval.TotalSeconds);
            return new(decided) { Waited = waited };
        }

        FlinkRescale? last = proposal.Parallelism > current && _rescales.Of(node).FirstOrDefault() is { Before: > 0 } known ? known : null;
        var isIneffective = last?.IsIneffective(current, proposal.TrueRate, _options.EffectivenessThreshold) is true;
        return new(isIneffective && _options.EffectivenessDetection ? keeps : new(now, proposal.Parallelism, proposal.IsOutside))
        {
            Gain = isIneffective ? last?.Gain(current, proposal.TrueRate) : null,
        };
    }

    /// <summary>What was recommended since the last change, newest first; a window that says nothing recommends nothing.</summary>
    private IEnumerable<FlinkRecommendation> Recommendations(int node)
    {
        for (var window = 0; window < _run.FullWindows; window++)
        {
            if (At(window)[node] is var proposal && !double.IsNaN(proposal.Factor))
            {
                yield return new(_run.SecondOf(window), proposal.Parallelism, proposal.IsOutside);
            }
        }
    }

    private Plan Explained(Plan plan, int i, FlinkProposal proposal, FlinkVerdict verdict)
    {
        var (node, current) = (_context.Topology[i], _current[i]);
        plan = plan
            .WithNumber(node, RawNumber.NeededRate, proposal.Capacity)
            .WithNumber(node, RawNumber.RatePerInstance, proposal.TrueRate / current)
            .WithNumber(node, RawNumber.Instances, proposal.Factor * current);
        if (double.IsNaN(proposal.Factor))
        {
            return plan.ForLackOfData(node, $"Flink: keeps {current}, {Missing(i, proposal)}");
        }

        plan = plan.Because(
            node,
            $"Flink: {new Rate(proposal.Demand.TargetRate)}/s needed and {new Rate(proposal.Demand.CatchUpRate)}/s to catch up, so {new Rate(proposal.Capacity)}/s at {100 * _options.UtilizationTarget:0} % busy; {current} can process {new Rate(proposal.TrueRate)}/s → {proposal.Parallelism} ({proposal.Factor * current:F2})");
        if (verdict.Gain is { } gain)
        {
            plan = plan.Because(node, $"Flink: the last increase brought {100 * gain:0} % of what was expected of it");
        }

        var wanted = verdict.Decided.Parallelism;
        if (wanted != proposal.Parallelism)
        {
            plan = verdict.IsExcluded ? plan.Because(node, $"Flink: keeps {current}, it is one of excludedNodes")
                : verdict.Gain is not null ? plan.Because(node, $"Flink: keeps {current} instead of {proposal.Parallelism}, one more would not help either")
                : wanted == current ? plan.Because(node, $"Flink: keeps {current} instead of {proposal.Parallelism}, decreases are recommended for {verdict.Waited:0} s, scaleDownInterval is {_options.ScaleDownInterval.TotalSeconds} s")
                : plan.Because(node, $"Flink: {wanted} instead of {proposal.Parallelism}, the largest recommendation of {_options.ScaleDownInterval.TotalSeconds} s");
        }

        if (plan[node] != wanted)
        {
            plan = plan.Because(node, $"Flink: keeps {current} instead of {wanted}, no node that would change is outside its band; here it is {new Rate(proposal.Band.Up)} to {new Rate(proposal.Band.Down)}/s");
        }

        return plan[node] == current && proposal.Parallelism != current ? plan.AsHeldBack(node) : plan;
    }

    private string Missing(int i, FlinkProposal proposal)
    {
        var numbers = _now[_context.Topology[i]];
        return double.IsNaN(proposal.Demand.TargetRate + proposal.Demand.CatchUpRate)
            ? !_graph.IsSource(i) ? "what it is fed with cannot be told"
                : double.IsNaN(proposal.Demand.TargetRate) ? $"what arrives cannot be told (recordsIn {numbers.RecordsIn}, lag {numbers.Lag}, arrivals {numbers.ArrivalRate})"
                : $"its lag is {numbers.Lag}, and catchUp needs it"
            : $"its true rate is not known (trueRate {numbers.TrueProcessingRate}, recordsIn {numbers.RecordsIn}, busy {numbers.Busy})";
    }

    private readonly record struct FlinkVerdict(FlinkRecommendation Decided)
    {
        internal bool IsExcluded { get; init; }

        internal double Waited { get; init; }

        /// <summary>How much of what was expected the last scale-up brought, if that was too little.</summary>
        internal double? Gain { get; init; }
    }
}
