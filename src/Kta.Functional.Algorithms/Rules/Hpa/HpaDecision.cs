namespace Kta.Functional.Algorithms;

/// <summary>One decision of the pod autoscaler for all nodes.</summary>
internal sealed class HpaDecision(Measurements now, RuleContext context, HpaOptions options, HpaMetric[] metrics)
{
    private const string NotCovered = "the history does not cover the periods of its policies";

    internal Plan Plan()
    {
        var counts = new int[context.Topology.Count];
        var nodes = new NodeDecision[counts.Length];
        for (var i = 0; i < counts.Length; i++)
        {
            nodes[i] = Decide(context.Topology[i]);
            counts[i] = nodes[i].Chosen;
        }

        var plan = ByPosition.Plan(context.Topology, counts);
        for (var i = 0; i < counts.Length; i++)
        {
            plan = Explained(plan, context.Topology[i], nodes[i]);
        }

        return plan;
    }

    private NodeDecision Decide(TopologyNode node)
    {
        var current = context.Required(node, now);
        var decision = new NodeDecision(current, current);
        var (forced, bound, _) = HpaLimits.CurrentBounds(current, options.MinReplicas, Most(node));
        if (forced is { } bounded)
        {
            return decision with { Chosen = bounded, Forced = bound };
        }

        var proposals = Propose(now[node], current);
        var combined = Combine(current, proposals);
        decision = decision with { Proposals = proposals };
        if (combined.Problem is not null)
        {
            return decision with { Problem = combined.Problem };
        }

        var (stabilized, reachesBack) = Stabilized(node, current, combined.Replicas);
        var (limited, condition) = options.Behavior
            ? Limited(node, current, stabilized)
            : HpaLimits.BoundsLegacy(current, stabilized, options.MinReplicas, Most(node));
        return decision with { Chosen = limited, Desired = combined.Replicas, Stabilized = stabilized, ReachesBack = reachesBack, Condition = condition };
    }

    private int Most(TopologyNode node) =>
        now[node].MaxParallelism.Value is { } most && most < options.MaxReplicas ? Math.Max((int)most, options.MinReplicas) : options.MaxReplicas;

    private HpaProposal[] Propose(NodeMeasurements numbers, int current) =>
        Array.ConvertAll(metrics, metric => metric.Propose(numbers, current, options.Tolerances));

    private static HpaProposal Combine(int current, HpaProposal[] proposals) =>
        HpaLimits.Combine(current, proposals.Select(proposal => proposal.Problem is null ? (int?)proposal.Replicas : null));

    private (int Replicas, bool ReachesBack) Stabilized(TopologyNode node, int current, int desired)
    {
        var window = desired < current || !options.Behavior ? options.DownWindow : options.ScaleUp.StabilizationWindow;
        var (recommendations, reachesBack) = Stabilization.Recommendations(
            context, node, window, (k, then) => Combine(then, Propose(context.History.At(k)!.Measurements[node], then)) is { Problem: null } combined ? combined.Replicas : null);
        var stabilized = options.Behavior
            ? Stabilization.Stabilize(
                current, desired, options.ScaleUp.StabilizationWindow.TotalSeconds, options.ScaleDown.StabilizationWindow.TotalSeconds, recommendations)
            : HpaLimits.StabilizeLegacy(desired, HpaOptions.LegacyWindow.TotalSeconds, recommendations);
        // What was proposed before the history begins is not known, and may have been more than now.
        return stabilized < current && !reachesBack ? (current, false) : (stabilized, true);
    }

    private (int Replicas, string Condition) Limited(TopologyNode node, int current, int desired)
    {
        var (added, removed) = (new List<HpaEvent>(), new List<HpaEvent>());
        var scaling = desired > current ? options.ScaleUp : options.ScaleDown;
        var period = desired == current ? TimeSpan.Zero : scaling.Policies.Select(policy => policy.Period).DefaultIfEmpty().Max();
        var isCovered = period == TimeSpan.Zero;
        for (var k = 0; !isCovered && context.History.At(k) is { } past; k++)
        {
            isCovered = context.StartedAt - past.StartedAt >= period;
            if (!isCovered && context.History.At(k + 1) is { } before
                && past.Parallelism.TryGetValue(node, out var after)
                && before.Parallelism.TryGetValue(node, out var until)
                && after != until)
            {
                (after > until ? added : removed).Add(new(Math.Abs(after - until), (context.StartedAt - past.StartedAt).TotalSeconds));
            }
        }

        // What was removed before the history begins is not known, and may have been all that is allowed.
        return desired < current && !isCovered ? (current, NotCovered) : HpaLimits.LimitRate(current, desired, options.MinReplicas, Most(node), options.ScaleUp, options.ScaleDown, added, removed);
    }

    private Plan Explained(Plan plan, TopologyNode node, NodeDecision made)
    {
        if (made.Forced is { } bound)
        {
            return plan.Because(node, $"HPA: {bound}, {made.Current} → {made.Chosen}");
        }

        for (var i = 0; i < metrics.Length; i++)
        {
            plan = Explained(plan, node, metrics[i], made.Proposals[i], made.Current);
        }

        if (made.Problem is { } problem)
        {
            return plan.ForLackOfData(node, $"HPA: keeps {made.Current}, {problem}");
        }

        if (made.Stabilized != made.Desired)
        {
            plan = !made.ReachesBack ? plan.Because(node, $"HPA: {made.Stabilized} instead of {made.Desired}, the history does not cover the last {options.DownWindow.TotalSeconds} s")
                : made.Desired < made.Current ? plan.Because(node, $"HPA: {made.Stabilized} instead of {made.Desired}, not all proposals of the last {options.DownWindow.TotalSeconds} s go as low")
                : plan.Because(node, $"HPA: {made.Stabilized} instead of {made.Desired}, not all proposals of the last {options.ScaleUp.StabilizationWindow.TotalSeconds} s go as high");
        }

        plan = made.Chosen != made.Stabilized ? plan.Because(node, $"HPA: limited to {made.Chosen} ({made.Condition})") : plan;
        return made.Chosen == made.Current && made.Desired != made.Current ? plan.AsHeldBack(node) : plan;
    }

    private static Plan Explained(Plan plan, TopologyNode node, HpaMetric metric, HpaProposal proposal, int current)
    {
        var name = metric.Quantity.WireName();
        if (proposal.Problem is { } problem)
        {
            return plan.Because(node, $"HPA: {name} proposes nothing, {problem}");
        }

        plan = plan
            .WithNumber(node, name.Value, metric.Type == HpaTargetType.Utilization ? proposal.Utilization / 100.0 : proposal.Average / 1000.0)
            .WithNumber(node, $"{name.Value}Replicas", proposal.Replicas);
        var what = proposal.Replicas == current ? "keeps" : "→";
        return metric.Type == HpaTargetType.Utilization
            ? plan.Because(node, $"HPA: {name} {proposal.Utilization} % at a target of {metric.Percent} % {what} {proposal.Replicas}")
            : plan.Because(node, $"HPA: {name} {new Rate(proposal.Average / 1000.0)} at a target of {new Rate(metric.Target)} {what} {proposal.Replicas}");
    }

    private readonly record struct NodeDecision(int Current, int Chosen)
    {
        internal string? Forced { get; init; }

        internal HpaProposal[] Proposals { get; init; } = [];

        internal string? Problem { get; init; }

        internal int Desired { get; init; }

        internal int Stabilized { get; init; }

        internal bool ReachesBack { get; init; }

        internal string Condition { get; init; } = HpaLimits.WithinRange;
    }
}
