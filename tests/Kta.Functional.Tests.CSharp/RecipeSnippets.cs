using Kta.Functional.Algorithms;

namespace Kta.Functional.Tests.CSharp;

/// <summary>What docs/rules/recipes.md shows. Other tests compare and run it.</summary>
public static class RecipeSnippets
{
    // Sized so that a restart and the backlog are made up for within a time.
    public static ScalingRule RecoversWithin(ScalingRule rule, TimeSpan recovery, TimeSpan downtime, TimeSpan replayed) =>
        Rule.Of($"{rule.Name}, recovering", (now, context) =>
        {
            var raised = now;
            foreach (var node in context.Topology)
            {
                if (now[node].ArrivalRate.Value is { } arrivals && now[node].Lag.Value is { } lag)
                {
                    var behind = lag + (arrivals * (downtime + replayed).TotalSeconds);
                    var left = recovery - downtime;
                    raised = raised.With(node, raised[node].With(Quantity.ArrivalRate, arrivals + (behind / left.TotalSeconds)));
                }
            }

            return rule.Decide(raised, context);
        }, rule.HistoryNeeded);
}
