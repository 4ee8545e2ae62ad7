namespace Kta.Functional.Simulation;

/// <summary>How changes follow steps of the load, and each other.</summary>
/// <param name="Decisions">The most changes after a step.</param>
/// <param name="Seconds">The longest time to the last of them.</param>
internal sealed record Convergence(int Decisions, double Seconds)
{
    private const double Step = 0.2;

    internal static Convergence? Of(IReadOnlyList<RunSample> samples, IReadOnlyList<PlanChange> changes)
    {
        var steps = new List<long>();
        for (var i = 1; i < samples.Count; i++)
        {
            var (before, after) = (samples[i - 1].Rate, samples[i].Rate);
            if (Math.Abs(after - before) >= Step * before && after != before)
            {
                steps.Add(samples[i].Second);
            }
        }

        Convergence? worst = null;
        for (var k = 0; k < steps.Count; k++)
        {
            var (from, to) = (steps[k], k + 1 < steps.Count ? steps[k + 1] : long.MaxValue);
            var followed = changes.Where(change => change.At.TotalSeconds >= from && change.At.TotalSeconds < to).ToArray();
            var seconds = followed.Length > 0 ? followed[^1].At.TotalSeconds - from : 0;
            worst = new(Math.Max(worst?.Decisions ?? 0, followed.Length), Math.Max(worst?.Seconds ?? 0, seconds));
        }

        return worst;
    }

    /// <summary>Changes in which a node goes back on its last change within a time.</summary>
    internal static int Oscillations(IReadOnlyList<PlanChange> changes, TimeSpan within) => Reversals(changes, within).Count();

    /// <summary>Those changes, each with the node and the change it turns around.</summary>
    internal static IEnumerable<(PlanChange Change, TopologyNode Node, PlanChange Before)> Reversals(IReadOnlyList<PlanChange> changes, TimeSpan within)
    {
        var last = new Dictionary<TopologyNode, (int Direction, PlanChange Change)>();
        foreach (var change in changes)
        {
            (PlanChange, TopologyNode, PlanChange)? reversal = null;
            foreach (var (node, to) in change.To)
            {
                var direction = Math.Sign(to - change.From[node]);
                if (direction == 0)
                {
                    continue;
                }

                if (last.TryGetValue(node, out var before) && before.Direction == -direction && change.At - before.Change.At <= within)
                {
                    reversal ??= (change, node, before.Change);
                }

                last[node] = (direction, change);
            }

            if (reversal is { } found)
            {
                yield return found;
            }
        }
    }
}
