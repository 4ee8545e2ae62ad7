namespace Kta.Functional.Algorithms;

/// <summary>The numbers of a decision that concern the whole job; NaN where the decision did not come so far.</summary>
internal sealed record BreakEvenJob
{
    internal double Demand { get; init; } = double.NaN;

    internal double Capacity { get; init; } = double.NaN;

    internal double LagSeconds { get; init; } = double.NaN;

    internal double Spare { get; init; } = double.NaN;

    internal double Headroom { get; init; } = double.NaN;

    internal double Price { get; init; } = double.NaN;

    internal double Target { get; init; } = double.NaN;

    internal double Growth { get; init; } = double.NaN;

    internal double Save { get; init; } = double.NaN;

    internal double LifeMinutes { get; init; } = double.NaN;

    internal double Need { get; init; } = double.NaN;
}

/// <summary>The numbers of a decision that concern a node; NaN where they are not known.</summary>
/// <param name="Current">Its instances.</param>
/// <param name="Chosen">Its instances in the plan.</param>
/// <param name="PerInstance">Records per second of an instance.</param>
/// <param name="Demand">Its share of the demand, in records per second.</param>
/// <param name="Needed">Instances for the bare demand.</param>
/// <param name="Wanted">Instances for the target.</param>
internal readonly record struct BreakEvenNode(int Current, int Chosen, double PerInstance, double Demand, double Needed, double Wanted);

/// <summary>A decision with all its numbers.</summary>
/// <param name="Action">up, down, stay or shift.</param>
/// <param name="Reason">Why, in a few words.</param>
/// <param name="Job">The numbers of the job.</param>
/// <param name="Nodes">The numbers of the nodes, by position.</param>
internal sealed record BreakEvenResult(string Action, string Reason, BreakEvenJob Job, BreakEvenNode[] Nodes)
{
    /// <summary>The plan with a sentence for a node.</summary>
    internal Plan Explain(Plan plan, TopologyNode node, int position, bool lacksData)
    {
        var n = Nodes[position];
        if (double.IsNaN(n.Demand))
        {
            return lacksData
                ? plan.ForLackOfData(node, $"Break-even: keeps {n.Current} ({Reason}; no usable rate for this node).")
                : plan.Because(node, $"Break-even: keeps {n.Current} ({Reason}; no usable rate for this node).");
        }

        return Action switch
        {
            "up" => Reason.StartsWith("backlog", StringComparison.Ordinal)
                ? plan.Because(node, $"Break-even: {new Rate(n.Demand)}/s at {new Rate(n.PerInstance)}/s per instance need {n.Needed:F2} of {n.Current} instances; the lag drains too slowly at the capacity of {new Rate(Job.Capacity)}/s (lag {Job.LagSeconds:F0} s), so the job is sized for {new Rate(Job.Target)}/s (growth {Job.Growth * 100:F0}%, spare {Job.Spare * 100:F0}%): {n.Wanted:F2} -> {n.Chosen}.")
                : plan.Because(node, $"Break-even: {new Rate(n.Demand)}/s at {new Rate(n.PerInstance)}/s per instance need {n.Needed:F2} of {n.Current} instances; arrivals exceed the capacity of {new Rate(Job.Capacity)}/s (lag {Job.LagSeconds:F0} s), so the job is sized for {new Rate(Job.Target)}/s (growth {Job.Growth * 100:F0}%, spare {Job.Spare * 100:F0}%): {n.Wanted:F2} -> {n.Chosen}."),
            "down" => plan.Because(node, $"Break-even: {new Rate(n.Demand)}/s at {new Rate(n.PerInstance)}/s per instance need {n.Needed:F2} of {n.Current} instances; {Job.Save * 100:F0}% fewer instances for {Job.LifeMinutes:F1} min save {Job.Save * Job.LifeMinutes:F1} job minutes, the change costs {Job.Need:F1}, so the job is sized for {new Rate(Job.Target)}/s: {n.Wanted:F2} -> {n.Chosen}."),
            _ when !double.IsNaN(Job.Save) => plan.Because(node, $"Break-even: {new Rate(n.Demand)}/s at {new Rate(n.PerInstance)}/s per instance need {n.Needed:F2} of {n.Current} instances; stays ({Reason}): going to {new Rate(Job.Target)}/s would save {Job.Save * Job.LifeMinutes:F1} job minutes and cost {Job.Need:F1}."),
            _ => plan.Because(node, $"Break-even: {new Rate(n.Demand)}/s at {new Rate(n.PerInstance)}/s per instance need {n.Needed:F2} of {n.Current} instances; stays ({Reason}): demand {new Rate(Job.Demand)}/s plus {Job.Headroom * 100:F0}% headroom against a capacity of {new Rate(Job.Capacity)}/s."),
        };
    }
}
