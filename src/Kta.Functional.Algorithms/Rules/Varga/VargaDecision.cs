namespace Kta.Functional.Algorithms;

/// <summary>One decision of the rule of Varga et al. for all nodes.</summary>
internal sealed class VargaDecision(Measurements now, RuleContext context, VargaOptions options)
{
    private readonly Graph _graph = Graph.Of(context.Topology, now);
    private readonly List<VargaDecision> _past = [];
    private bool?[]? _blockedFromSource;

    internal Plan Plan()
    {
        var nodes = context.Topology;
        var current = context.CurrentOfAll(now);
        var wishes = new Wish[current.Length];
        var chosen = new (int Replicas, bool ReachesBack)[current.Length];
        for (var i = 0; i < chosen.Length; i++)
        {
            var at = i;
            wishes[i] = WishOf(i, current[i]);
            chosen[i] = wishes[i].Replicas is { } desired
                ? Stabilization.Down(context, nodes[i], current[i], desired, options.StabilizationWindow, (k, then) => Past(k).WishOf(at, then).Replicas)
                : (current[i], true);
        }

        var plan = ByPosition.Plan(nodes, [.. chosen.Select(one => one.Replicas)]);
        for (var i = 0; i < chosen.Length; i++)
        {
            plan = Explained(plan, nodes[i], current[i], wishes[i], chosen[i]);
        }

        return plan;
    }

    private VargaDecision Past(int index)
    {
        while (_past.Count <= index)
        {
            var past = context.History.At(_past.Count)!;
            _past.Add(new(past.Measurements, context.At(_past.Count, past), options));
        }

        return _past[index];
    }

    private Wish WishOf(int i, int current)
    {
        var numbers = now[context.Topology[i]];
        var (use, isWhole) = numbers.Idle.Value is { } idle ? (1 - idle, true)
            : numbers.BackPressured.Value is { } blocked ? (numbers.Busy.OrNaN + blocked, true)
            : (numbers.Busy.OrNaN, false);
        if (double.IsNaN(use))
        {
            return default;
        }

        var (factor, growth, taken) = (use / options.UtilizationTarget, double.NaN, numbers.RecordsIn.OrNaN);
        var counts = CausesBackPressure(i);
        if (counts is not false && taken is not 0)
        {
            growth = _graph.Sources(i).Sum(source => LagGrowth.Of(context.Topology[source], now, context));
            var relative = (1 + (growth / taken)) / options.RelativeLagTarget;
            factor = counts is true && relative > factor ? relative : factor;
            isWhole &= counts is true && !double.IsNaN(relative);
        }

        var desired = Ds2Model.Ceiling(current * factor, current);
        return new()
        {
            Use = use,
            Growth = counts is true ? growth : double.NaN,
            Taken = taken,
            Replicas = numbers.Limited(isWhole ? desired : Math.Max(current, desired)),
            IsLeast = !isWhole && desired < current,
        };
    }

    /// <summary>
    /// Whether the node holds up a source: it is one itself, or it is not blocked and everything from a source to it is. Null if that
    /// cannot be told.
    /// </summary>
    private bool? CausesBackPressure(int i) => _graph.IsSource(i) ? true : !IsBlocked(i) & AnyOf(_graph.Upstream[i].Select(from => BlockedFromSource[from]));

    /// <summary>For each node whether it is blocked, and everything from a source to it.</summary>
    private bool?[] BlockedFromSource => _blockedFromSource ??= _graph.Downstream<bool?>(
        (i, upstream) => _graph.IsSource(i) ? IsBlocked(i) : IsBlocked(i) & AnyOf(upstream));

    private bool? IsBlocked(int i) => now[context.Topology[i]].BackPressured.Value is { } share ? share >= options.BackPressureThreshold : null;

    private static bool? AnyOf(IEnumerable<bool?> all) => all.Aggregate((bool?)false, (one, other) => one | other);

    private Plan Explained(Plan plan, TopologyNode node, int current, Wish wish, (int Replicas, bool ReachesBack) chosen)
    {
        if (wish.Replicas is not { } desired)
        {
            var numbers = now[node];
            return plan.ForLackOfData(node, $"Varga: keeps {current}, its use is not known (idle {numbers.Idle}, busy {numbers.Busy}, backPressured {numbers.BackPressured})");
        }

        var what = desired == current ? "keeps" : "→";
        plan = double.IsNaN(wish.Growth)
            ? plan.Because(node, $"Varga: in use {wish.Use:P0} of the time at a target of {options.UtilizationTarget:P0} {what} {desired}")
            : plan.Because(node, $"Varga: in use {wish.Use:P0} of the time at a target of {options.UtilizationTarget:P0}, its lag grows by {new Rate(wish.Growth)}/s while it takes in {new Rate(wish.Taken)}/s {what} {desired}");
        plan = wish.IsLeast ? plan.ForLackOfData(node, $"Varga: does not go down while a part of it is not known") : plan;
        return Stabilization.Explained(plan, node, "Varga", (current, desired, chosen.Replicas), chosen.ReachesBack, options.StabilizationWindow);
    }

    private readonly record struct Wish
    {
        /// <summary>How many instances; null if that cannot be told.</summary>
        internal int? Replicas { get; init; }

        internal double Use { get; init; }

        internal double Growth { get; init; }

        internal double Taken { get; init; }

        /// <summary>Whether it would go down, but not all is known.</summary>
        internal bool IsLeast { get; init; }
    }
}
