namespace Kta.Functional.Algorithms;

/// <summary>One decision of DS2: from measurements to what the model knows, and from what it says to a plan with reasons.</summary>
internal sealed class Ds2Decision
{
    private readonly Measurements _now;
    private readonly RuleContext _context;
    private readonly Ds2Options _options;
    private readonly Graph _graph;
    private readonly int[] _current;
    private readonly Ds2Operator[] _operators;
    private readonly double[] _offered;

    internal Ds2Decision(Measurements now, RuleContext context, Ds2Options options, int lookBack)
    {
        (_now, _context, _options) = (now, context, options);
        _graph = Graph.Of(context.Topology, now).WithVirtualSources();
        _current = new int[context.Topology.Count];
        _operators = new Ds2Operator[_graph.Count];
        _offered = new double[_graph.Count];
        for (var i = 0; i < _current.Length; i++)
        {
            var node = context.Topology[i];
            _current[i] = context.Required(node, now);
            _operators[i] = Known(now[node], _current[i], node, lookBack);
            if (IsFirst(i))
            {
                _offered[_graph.Upstream[i][0]] = Offered(now[node]);
            }
        }
    }

    internal Plan Plan()
    {
        var sizes = Ds2Model.Evaluate(_graph, _operators, _offered, _options.ScalingFactor);
        var sized = new int[_current.Length];
        for (var i = 0; i < sized.Length; i++)
        {
            sized[i] = sizes[i].Parallelism;
        }

        if (_options.Timely)
        {
            sized = Workers(sizes[..sized.Length]);
        }

        var (corrected, ratio) = _options.TargetRateRatio is { } threshold
            ? Ds2Manager.Correct(sized, _current, Achieved(), threshold)
            : (sized, null);
        var proposed = new int[sized.Length];
        for (var i = 0; i < sized.Length; i++)
        {
            proposed[i] = LargestParallelism.Limit(corrected[i], _current[i], _now[_context.Topology[i]]);
        }

        var (decision, _) = Ds2Manager.Start(_current).Step(proposed, new(IgnoreDecreaseUpTo: _options.IgnoreDecreaseUpTo));
        return Explained(sizes, sized, corrected, ratio, proposed, decision ?? _current);
    }

    /// <summary>One number for all. Where a part of it is not known, no less than what is there.</summary>
    private int[] Workers(Ds2Size[] sizes)
    {
        var known = Array.FindAll(sizes, size => size.IsSized);
        var workers = Ds2Model.TimelyWorkers(known.Select(size => size.Unrounded * (1 + _options.ScalingFactor)));
        return Array.ConvertAll(_current, current => known.Length == sizes.Length ? workers : Math.Max(current, workers));
    }

    private bool IsFirst(int i) => _graph.Upstream[i] is [var from] && from >= _current.Length;

    private Ds2Operator Known(NodeMeasurements numbers, int parallelism, TopologyNode node, int lookBack)
    {
        var (recordsIn, recordsOut) = (numbers.RecordsIn.OrNaN, numbers.RecordsOut.OrNaN);
        var trueRate = numbers.TrueProcessingRate.OrNaN;
        var useful = trueRate > 0 ? recordsIn / trueRate : numbers.Busy.OrNaN;
        var rates = Ds2Rates.Of(recordsIn, recordsOut, useful, windowSeconds: 1);
        return new(
            parallelism,
            trueRate > 0 ? trueRate : rates.TrueProcessing,
            rates.TrueOutput,
            recordsIn > 0 && !double.IsNaN(recordsOut) ? recordsOut / recordsIn : LastSelectivity(node, lookBack));
    }

    private double LastSelectivity(TopologyNode node, int lookBack)
    {
        for (var k = 0; k < lookBack && _context.History.At(k) is { } past; k++)
        {
            var then = past.Measurements[node];
            if (then.RecordsIn.OrNaN > 0 && then.RecordsOut.Value is { } recordsOut)
            {
                return recordsOut / then.RecordsIn.OrNaN;
            }
        }

        return double.NaN;
    }

    private double Offered(NodeMeasurements source) =>
        source.ArrivalRate.OrNaN + (_options.CatchUp is { } catchUp ? source.Lag.OrNaN / catchUp.TotalSeconds : 0);

    private List<(double Target, double Achieved)> Achieved()
    {
        var sources = new List<(double, double)>();
        for (var i = 0; i < _current.Length; i++)
        {
            if (IsFirst(i) && _now[_context.Topology[i]] is { } numbers && numbers.ArrivalRate.Value is { } target && numbers.RecordsIn.Value is { } taken)
            {
                sources.Add((target, taken));
            }
        }

        return sources;
    }

    private Plan Explained(Ds2Size[] sizes, int[] sized, IReadOnlyList<int> corrected, double? ratio, int[] proposed, IReadOnlyList<int> chosen)
    {
        var plan = ByPosition.Plan(_context.Topology, chosen);
        for (var i = 0; i < sized.Length; i++)
        {
            var node = _context.Topology[i];
            plan = plan
                .WithNumber(node, RawNumber.NeededRate, sizes[i].TargetRate)
                .WithNumber(node, RawNumber.RatePerInstance, _operators[i].PerInstance)
                .WithNumber(node, RawNumber.Instances, sizes[i].Unrounded);
            plan = !sizes[i].IsSized && sized[i] != _current[i]
                ? plan.Because(node, $"DS2: {sized[i]} for the nodes whose rates are known")
                : !sizes[i].IsSized
                ? Kept(plan, i, sizes[i])
                : plan.Because(
                    node,
                    $"DS2: {new Rate(sizes[i].TargetRate)}/s needed, {new Rate(_operators[i].PerInstance)}/s per instance → {sized[i]} ({sizes[i].Unrounded:F2})");
            if (corrected[i] != sized[i])
            {
                plan = plan.Because(node, $"DS2: times {ratio:F2} → {corrected[i]}, the sources take in less than what arrives although no node looks too small");
            }

            if (proposed[i] != corrected[i])
            {
                plan = plan.Because(node, $"DS2: limited to {proposed[i]} by maxParallelism");
            }

            if (chosen[i] != proposed[i])
            {
                plan = plan.Because(node, $"DS2: keeps {chosen[i]}, decreases of up to {_options.IgnoreDecreaseUpTo} are ignored while nothing has to grow").AsHeldBack(node);
            }
        }

        return plan;
    }

    private Plan Kept(Plan plan, int i, Ds2Size size)
    {
        var (node, numbers) = (_context.Topology[i], _now[_context.Topology[i]]);
        var kept = _current[i];
        if (!double.IsNaN(size.TargetRate))
        {
            return numbers.Busy.Value == 0 || numbers.RecordsIn.Value == 0 || numbers.TrueProcessingRate.Value == 0
                ? plan.Because(node, $"DS2: keeps {kept}, it stood idle, and what it could process cannot be told")
                : plan.ForLackOfData(node, $"DS2: keeps {kept}, its true rate is not known (trueRate {numbers.TrueProcessingRate}, recordsIn {numbers.RecordsIn}, busy {numbers.Busy})");
        }

        return !IsFirst(i) ? plan.ForLackOfData(node, $"DS2: keeps {kept}, what it is fed with cannot be told")
            : numbers.ArrivalRate.State != ReadingState.Current
                ? plan.ForLackOfData(node, $"DS2: keeps {kept}, its arrival rate is {numbers.ArrivalRate}")
                : plan.ForLackOfData(node, $"DS2: keeps {kept}, its lag is {numbers.Lag}, and catchUp needs it");
    }
}
