using static System.FormattableString;

namespace Kta.Functional.Algorithms;

/// <summary>The settings of <see cref="Hpa"/>, with the names and defaults of <c>autoscaling/v2</c>.</summary>
public sealed record HpaOptions
{
    /// <summary>Without a behavior section the largest proposal of this time counts.</summary>
    internal static readonly TimeSpan LegacyWindow = TimeSpan.FromMinutes(5);

    /// <summary>The metrics; the one that wants most instances counts. Default: busy 70 %.</summary>
    public IReadOnlyList<HpaMetric> Metrics { get; init; } = [HpaMetric.Utilization(Quantity.Busy, 0.7)];

    /// <summary>The least number of instances of a node, at least 1. Default 1.</summary>
    public int MinReplicas { get; init; } = 1;

    /// <summary>The largest number of instances of a node, at least minReplicas. Default: no limit beside the policy's.</summary>
    public int MaxReplicas { get; init; } = int.MaxValue;

    /// <summary>How far a metric may be away from its target before anything is changed, as a fraction of it. 0 to 10, default 0.1.</summary>
    public double Tolerance { get; init; } = 0.1;

    /// <summary>How fast it may go up. Default: at once, by 4 instances or 100 % in 15 s.</summary>
    public HpaScaling ScaleUp { get; init; } = HpaScaling.DefaultUp;

    /// <summary>How fast it may go down. Default: what all proposals of 300 s agree on, by 100 % in 15 s.</summary>
    public HpaScaling ScaleDown { get; init; } = HpaScaling.DefaultDown;

    /// <summary>
    /// False: as a policy without a behavior section, at most twice as many or 4, and down to the largest proposal of 5 minutes;
    /// <see cref="ScaleUp"/> and <see cref="ScaleDown"/> do not count then. Default true.
    /// </summary>
    public bool Behavior { get; init; } = true;

    internal HpaTolerance Tolerances => new(ScaleDown.Tolerance ?? Tolerance, ScaleUp.Tolerance ?? Tolerance);

    internal TimeSpan LooksBack =>
        !Behavior ? LegacyWindow : ScaleUp.LooksBack > ScaleDown.LooksBack ? ScaleUp.LooksBack : ScaleDown.LooksBack;

    internal TimeSpan DownWindow => Behavior ? ScaleDown.StabilizationWindow : LegacyWindow;

    internal HpaOptions Checked()
    {
        var checks = new OptionChecks("HPA")
            .Check(Metrics.Count > 0, "metrics", "empty", "at least one metric")
            .Check(MinReplicas >= 1, "minReplicas", MinReplicas, "at least 1, KTA cannot scale to zero")
            .Check(MaxReplicas >= MinReplicas, "maxReplicas", MaxReplicas, Invariant($"at least minReplicas, which is {MinReplicas}"))
            .InRange(Tolerance, 0, 10, "tolerance");
        for (var i = 0; i < Metrics.Count; i++)
        {
            var metric = Metrics[i];
            if (metric.Type == HpaTargetType.Utilization)
            {
                checks
                    .Check(metric.IsFraction, Invariant($"metrics[{i}].quantity"), metric.Quantity, "busy, backPressured, idle or cpu for a utilization")
                    .InRange(metric.Target, 0.01, 10, Invariant($"metrics[{i}].target"));
            }
            else
            {
                checks.InRange(metric.Target, 0.001, 1e15, Invariant($"metrics[{i}].target"));
            }
        }

        ScaleUp.Check("scaleUp", checks);
        ScaleDown.Check("scaleDown", checks);
        checks.Throw();
        return this;
    }
}
