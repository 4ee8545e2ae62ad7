namespace Kta.Functional.Algorithms;

/// <summary>A change of the number of replicas, by its size and age.</summary>
internal readonly record struct HpaEvent(int Change, double SecondsAgo);

/// <summary>What happens to a proposal before it counts, with the arithmetic of <c>horizontal.go</c>.</summary>
internal static class HpaLimits
{
    internal const string WithinRange = "DesiredWithinRange";

    /// <summary>Of several metrics the largest proposal counts; with a failed one (null) nothing goes down.</summary>
    internal static HpaProposal Combine(int current, IEnumerable<int?> proposals)
    {
        var (largest, hasFailed) = ((int?)null, false);
        foreach (var proposal in proposals)
        {
            hasFailed |= proposal is null;
            largest = proposal is { } some && !(largest >= some) ? some : largest;
        }

        return largest is not { } replicas ? HpaProposal.Failed("all metrics failed")
            : hasFailed && replicas < current ? HpaProposal.Failed("a metric failed, and the others would scale down")
            : new(replicas, 0, 0);
    }

    /// <summary>Before metrics are looked at: the number that the bounds force, or null to go on; inactive at 0 replicas.</summary>
    internal static (int? Replicas, string Reason, bool Active) CurrentBounds(int current, int min, int max) =>
        current == 0 && min != 0 ? (0, "disabled", false)
        : current > max ? (max, "too many", true)
        : current < min ? (min, "too few", true)
        : (null, "metrics", true);

    /// <summary>Without a behavior section: the largest recommendation of the window.</summary>
    internal static int StabilizeLegacy(int desired, double window, IReadOnlyList<(int Replicas, double SecondsAgo)> recommendations)
    {
        foreach (var (replicas, secondsAgo) in recommendations)
        {
            desired = secondsAgo <= window ? Math.Max(replicas, desired) : desired;
        }

        return desired;
    }

    /// <summary>Without a behavior section: at most twice as many, or 4.</summary>
    internal static (int Replicas, string Condition) BoundsLegacy(int current, int desired, int min, int max)
    {
        var limit = (int)Math.Min(Math.Max(2L * current, 4), int.MaxValue);
        var most = Math.Min(limit, max);
        return desired < min ? (min, "TooFewReplicas")
            : desired > most ? (most, max > limit ? "ScaleUpLimit" : "TooManyReplicas")
            : (desired, WithinRange);
    }

    /// <summary>The rate limits and bounds of the behavior section.</summary>
    internal static (int Replicas, string Condition) LimitRate(
        int current, int desired, int min, int max, HpaScaling up, HpaScaling down, IReadOnlyList<HpaEvent> added, IReadOnlyList<HpaEvent> removed)
    {
        if (desired > current)
        {
            var limit = Math.Max(UpLimit(current, up, added, removed), current);
            var most = Math.Min(limit, max);
            return desired > most ? (most, max > limit ? "ScaleUpLimit" : "TooManyReplicas") : (desired, WithinRange);
        }

        if (desired < current)
        {
            var limit = Math.Min(DownLimit(current, down, added, removed), current);
            var least = Math.Max(limit, min);
            return desired < least ? (least, min < limit ? "ScaleDownLimit" : "TooFewReplicas") : (desired, WithinRange);
        }

        return (desired, WithinRange);
    }

    private static int UpLimit(int current, HpaScaling scaling, IReadOnlyList<HpaEvent> added, IReadOnlyList<HpaEvent> removed)
    {
        if (scaling.SelectPolicy == HpaSelectPolicy.Disabled)
        {
            return current;
        }

        var limit = scaling.SelectPolicy == HpaSelectPolicy.Min ? double.MaxValue : double.MinValue;
        foreach (var policy in scaling.Policies)
        {
            // The quotient first, and rounded up, as in Kubernetes: 10 % more than 100 is 111.
            var start = Start(current, policy, added, removed);
            var allowed = policy.Type == HpaPolicyType.Pods ? start + policy.Value : Math.Ceiling(start * (1 + (policy.Value / 100.0)));
            limit = scaling.SelectPolicy == HpaSelectPolicy.Min ? Math.Min(limit, allowed) : Math.Max(limit, allowed);
        }

        return (int)Math.Clamp(limit, int.MinValue, int.MaxValue);
    }

    private static int DownLimit(int current, HpaScaling scaling, IReadOnlyList<HpaEvent> added, IReadOnlyList<HpaEvent> removed)
    {
        if (scaling.SelectPolicy == HpaSelectPolicy.Disabled)
        {
            return current;
        }

        var limit = scaling.SelectPolicy == HpaSelectPolicy.Min ? double.MinValue : double.MaxValue;
        foreach (var policy in scaling.Policies)
        {
            var start = Start(current, policy, added, removed);
            var allowed = policy.Type == HpaPolicyType.Pods ? start - policy.Value : Math.Truncate(start * (1 - (policy.Value / 100.0)));
            limit = scaling.SelectPolicy == HpaSelectPolicy.Min ? Math.Max(limit, allowed) : Math.Min(limit, allowed);
        }

        return (int)Math.Clamp(limit, int.MinValue, int.MaxValue);
    }

    /// <summary>How many there were when the period began.</summary>
    private static double Start(int current, HpaPolicy policy, IReadOnlyList<HpaEvent> added, IReadOnlyList<HpaEvent> removed) =>
        current - Changed(added, policy) + Changed(removed, policy);

    private static double Changed(IReadOnlyList<HpaEvent> events, HpaPolicy policy)
    {
        var sum = 0.0;
        foreach (var (change, secondsAgo) in events)
        {
            sum += secondsAgo < policy.Period.TotalSeconds ? change : 0;
        }

        return sum;
    }
}
