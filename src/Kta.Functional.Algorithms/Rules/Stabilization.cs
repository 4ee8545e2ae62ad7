namespace Kta.Functional.Algorithms;

/// <summary>The stabilization windows of the Kubernetes pod autoscaler, over proposals that are computed again from the history.</summary>
internal static class Stabilization
{
    /// <summary>Up only if all of the one window want it, down only if all of the other do.</summary>
    internal static int Stabilize(
        int current, int desired, double upWindow, double downWindow, IReadOnlyList<(int Replicas, double SecondsAgo)> recommendations)
    {
        var (up, down) = (desired, desired);
        foreach (var (replicas, secondsAgo) in recommendations)
        {
            up = secondsAgo < upWindow ? Math.Min(replicas, up) : up;
            down = secondsAgo < downWindow ? Math.Max(replicas, down) : down;
        }

        return Math.Min(Math.Max(current, up), down);
    }

    /// <summary>Down only as far as everything agrees that was proposed in a time; up at once.</summary>
    /// <returns>The number, and whether the history goes back so far: without it nothing goes down.</returns>
    internal static (int Replicas, bool ReachesBack) Down(
        RuleContext context, TopologyNode node, int current, int desired, TimeSpan window, Func<int, int, int?> propose)
    {
        if (desired >= current)
        {
            return (desired, true);
        }

        var (recommendations, reachesBack) = Recommendations(context, node, window, propose);
        var stabilized = Stabilize(current, desired, 0, window.TotalSeconds, recommendations);
        return stabilized < current && !reachesBack ? (current, false) : (stabilized, true);
    }

    /// <summary>What was proposed in earlier iterations, computed again, and whether the history covers the time.</summary>
    /// <param name="context">The nodes, the time, and the past.</param>
    /// <param name="node">The node.</param>
    /// <param name="window">The time.</param>
    /// <param name="propose">What was proposed in an iteration of the past, 0 is the newest, for the instances there were; null for nothing.</param>
    internal static (List<(int Replicas, double SecondsAgo)> Recommendations, bool ReachesBack) Recommendations(
        RuleContext context, TopologyNode node, TimeSpan window, Func<int, int, int?> propose)
    {
        var recommendations = new List<(int, double)>();
        if (window == TimeSpan.Zero)
        {
            return (recommendations, true);
        }

        for (var k = 0; context.History.At(k) is { } past; k++)
        {
            var age = context.StartedAt - past.StartedAt;
            if (age <= window)
            {
                if (context.History.ParallelismAt(k, node) is not { } current)
                {
                    break;
                }

                if (propose(k, current) is { } then)
                {
                    recommendations.Add((then, age.TotalSeconds));
                }
            }

            if (age >= window)
            {
                return (recommendations, true);
            }
        }

        return (recommendations, false);
    }

    /// <summary>Adds why a number is not the one that was wanted.</summary>
    internal static Plan Explained(
        Plan plan, TopologyNode node, string rule, (int Current, int Desired, int Chosen) counts, bool reachesBack, TimeSpan window)
    {
        var (current, desired, chosen) = counts;
        if (chosen == desired)
        {
            return plan;
        }

        plan = reachesBack
            ? plan.Because(node, $"{rule}: {chosen} instead of {desired}, not all proposals of the last {window.TotalSeconds} s go as low")
            : plan.Because(node, $"{rule}: {chosen} instead of {desired}, the history does not cover the last {window.TotalSeconds} s");
        return chosen == current ? plan.AsHeldBack(node) : plan;
    }
}
