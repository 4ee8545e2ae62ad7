namespace Kta.Functional.Algorithms;

/// <summary>A rule that gets prepared measurements, of the present and of the past.</summary>
internal static class PreparedRule
{
    /// <exception cref="ArgumentException">The backlog would count twice.</exception>
    internal static ScalingRule Of(ScalingRule rule, Preparation[] preparations)
    {
        if (preparations.Length == 0)
        {
            return rule;
        }

        var catchesUp = preparations.Count(preparation => preparation.CatchesUp) + (rule.CatchesUp ? 1 : 0);
        if (catchesUp > 1)
        {
            throw new ArgumentException(
                $"The backlog would count {catchesUp} times: leave out Preparation.CatchUp, or catchUp of {rule.Name}.", nameof(preparations));
        }

        var needed = preparations.Aggregate(rule.HistoryNeeded, (sum, preparation) => sum.Plus(preparation.HistoryNeeded));
        return new(rule.Name, needed, (now, context) => Decide(rule, preparations, now, context)) { CatchesUp = catchesUp > 0 };
    }

    private static Plan Decide(ScalingRule rule, Preparation[] preparations, Measurements now, RuleContext context)
    {
        var (told, unknown) = (new List<Func<Plan, Plan>>(), new List<string>());
        foreach (var preparation in preparations)
        {
            var prepared = preparation.Run(now, context);
            told.AddRange(prepared.Explain is { } explain ? [explain] : []);
            unknown.AddRange(prepared.Unknown is { } why ? [why] : []);
            (now, context) = (prepared.Measurements, Past(preparation, context));
        }

        var decided = rule.Decide(now, context);
        var explained = told.Aggregate(ByPosition.Plan(context.Topology, [.. context.Topology.Select(node => decided[node])]), (plan, tell) => tell(plan));
        var all = explained.WithReasonsOf(decided);
        return unknown.Count == 0 ? all : OnlyUp(all, unknown[0], now, context);
    }

    /// <summary>The past prepared as it was then, as far as that can be told.</summary>
    private static RuleContext Past(Preparation preparation, RuleContext context) => context.With(
        context.History
            .Select((past, k) => (Iteration: past, Prepared: preparation.Run(past.Measurements, context.At(k, past))))
            .TakeWhile(past => past.Prepared.Unknown is null)
            .Select(past => past.Iteration with { Measurements = past.Prepared.Measurements }));

    private static Plan OnlyUp(Plan plan, string why, Measurements now, RuleContext context)
    {
        foreach (var node in context.Topology)
        {
            if (context.CurrentParallelism(node, now) is { } current && plan[node] < current)
            {
                var lower = plan[node];
                plan = plan.With(node, current).Because(node, $"{why}, kept {current} instead of {lower}").AsHeldBack(node);
            }
        }

        return plan;
    }
}
