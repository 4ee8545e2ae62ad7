namespace Kta.Functional.Algorithms;

/// <summary>What Kubernetes says about a pod, as ages at the time of measuring; for monitors that read pods.</summary>
/// <remarks>Times are differences to now, in seconds.</remarks>
public sealed record PodStatus
{
    /// <summary>How long a pod's CPU does not count by itself after its start, by default: 5 minutes.</summary>
    public static TimeSpan DefaultCpuInitializationPeriod { get; } = TimeSpan.FromMinutes(5);

    /// <summary>How long after the start the first change of readiness is the first one, by default: 30 seconds.</summary>
    public static TimeSpan DefaultInitialReadinessDelay { get; } = TimeSpan.FromSeconds(30);

    /// <summary>The phase, for example <c>Running</c>, <c>Pending</c>, <c>Failed</c>.</summary>
    public string Phase { get; init; } = "Running";

    /// <summary>Whether it has a deletion timestamp.</summary>
    public bool IsDeleting { get; init; }

    /// <summary>Since when it has been started; null if it has no start time.</summary>
    public TimeSpan? StartedAgo { get; init; }

    /// <summary>Whether its Ready condition is not False; null if it has no such condition.</summary>
    public bool? IsReady { get; init; }

    /// <summary>When the Ready condition last changed; null: long ago.</summary>
    public TimeSpan? LastTransitionAgo { get; init; }

    /// <summary>Whether there is a sample of the metric.</summary>
    public bool HasSample { get; init; }

    /// <summary>When the sample was taken; null: long ago.</summary>
    public TimeSpan? SampledAgo { get; init; }

    /// <summary>The time the sample averages over.</summary>
    public TimeSpan SampleWindow { get; init; }

    /// <summary>The state of the pod, as the Kubernetes pod autoscaler sees it.</summary>
    /// <param name="isCpu">Whether the metric is CPU; for others readiness is not looked at.</param>
    /// <param name="cpuInitializationPeriod">Null: <see cref="DefaultCpuInitializationPeriod"/>.</param>
    /// <param name="initialReadinessDelay">Null: <see cref="DefaultInitialReadinessDelay"/>.</param>
    public InstanceState StateFor(bool isCpu, TimeSpan? cpuInitializationPeriod = null, TimeSpan? initialReadinessDelay = null)
    {
        if (IsDeleting || Phase == "Failed")
        {
            return IsDeleting ? InstanceState.Deleting : InstanceState.Failed;
        }

        return Phase == "Pending" ? InstanceState.Pending
            : isCpu && HasSample && IsUnready(
                cpuInitializationPeriod ?? DefaultCpuInitializationPeriod, initialReadinessDelay ?? DefaultInitialReadinessDelay) ? InstanceState.Unready
            : InstanceState.Ready;
    }

    /// <summary>
    /// While the pod may still initialise, its sample counts if it is ready and a whole window has passed since it became so. Later only one
    /// that has never been ready does not count.
    /// </summary>
    private bool IsUnready(TimeSpan initializationPeriod, TimeSpan readinessDelay)
    {
        if (IsReady is not { } ready || StartedAgo is not { } started)
        {
            return true;
        }

        var changed = LastTransitionAgo ?? TimeSpan.MaxValue;
        return started < initializationPeriod
            ? !ready || (SampledAgo ?? TimeSpan.MaxValue) > changed - SampleWindow
            : !ready && started - readinessDelay < changed;
    }
}
