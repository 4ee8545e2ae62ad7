using static System.FormattableString;

namespace Kta.Functional.Algorithms;

/// <summary>The settings of <see cref="KafkaLag"/>, with the names and defaults of KEDA and of the pod autoscaler behind it.</summary>
public sealed record KafkaLagOptions
{
    /// <summary>The lag that one instance may have, in records. More than 0, default 10.</summary>
    public int LagThreshold { get; init; } = 10;

    /// <summary>
    /// In what time one instance shall have worked off its share: the threshold is then the rate of an instance times this time, and
    /// <see cref="LagThreshold"/> does not count. More than 0, default null: off. Needs the true rate of the consumer, or records in and busy.
    /// </summary>
    public TimeSpan? DrainWithin { get; init; }

    /// <summary>With no more lag than this the consumer counts as not active, and has the least number of instances. At least 0, default 0.</summary>
    public int ActivationLagThreshold { get; init; }

    /// <summary>More instances than partitions, of which some idle. Default false: no more instances than partitions.</summary>
    public bool AllowIdleConsumers { get; init; }

    /// <summary>
    /// Only numbers that divide the partitions, so that each instance has as many: the next one for which the threshold holds. Never more than
    /// there are partitions. Default false.
    /// </summary>
    public bool EnsureEvenDistributionOfPartitions { get; init; }

    /// <summary>The least number of instances, at least 1. Default 1.</summary>
    public int MinReplicas { get; init; } = 1;

    /// <summary>The largest number of instances, at least minReplicas. Default 100.</summary>
    public int MaxReplicas { get; init; } = 100;

    /// <summary>How far the lag of an instance may be away from the threshold before anything is changed, as a fraction of it. 0 to 10, default 0.1.</summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>It goes down only as far as all proposals of this time agree on. 0 to 1 hour, default 300 s.</summary>
    public TimeSpan StabilizationWindow { get; init; } = TimeSpan.FromSeconds(300);

    internal KafkaLagOptions Checked()
    {
        KafkaLagModel.CheckThresholds(new OptionChecks("KafkaLag"), LagThreshold, ActivationLagThreshold)
            .Check(DrainWithin is null || DrainWithin > TimeSpan.Zero, "drainWithin", DrainWithin, "more than 0, or absent for none")
            .Check(MinReplicas >= 1, "minReplicas", MinReplicas, "at least 1, KTA cannot scale to zero")
            .Check(MaxReplicas >= MinReplicas, "maxReplicas", MaxReplicas, Invariant($"at least minReplicas, which is {MinReplicas}"))
            .InRange(Tolerance, 0, 10, "tolerance")
            .Check(
                StabilizationWindow >= TimeSpan.Zero && StabilizationWindow <= TimeSpan.FromHours(1),
                "stabilizationWindow",
                StabilizationWindow,
                "from 0 to 1 hour")
            .Throw();
        return this;
    }
}
