namespace Kta.Functional.Algorithms;

/// <summary>The settings of <see cref="Dhalion"/>, with the defaults of the DEBS 2024 comparison.</summary>
public sealed record DhalionOptions
{
    /// <summary>From which share of blocked time on a node counts as back-pressured. More than 0, at most 1, default 0.1.</summary>
    public double BackPressureThreshold { get; init; } = 0.1;

    /// <summary>From which growth of its lag on a source is a bottleneck, in records per second. At least 0, default 1000.</summary>
    public double LagGrowthThreshold { get; init; } = 1000;

    /// <summary>By how much a bottleneck grows at most. More than 1, at most 100, default 10: that of 90 % blocked time.</summary>
    public double MaxScaleUpFactor { get; init; } = 10;

    /// <summary>What remains of a node with little to do, when nothing is a bottleneck. More than 0, less than 1, default 0.8.</summary>
    public double ScaleDownFactor { get; init; } = 0.8;

    /// <summary>A source with no more lag than this has little to do, in records. At least 0, default 10,000.</summary>
    public double LowLag { get; init; } = 10_000;

    /// <summary>
    /// Any other node has little to do if it works no more than this share of time. 0 to 1, default 0.4: with buffers for two seconds that
    /// are filled once a second, they are 20 % full then, which is what the source asks for. How full buffers are is not measured.
    /// </summary>
    public double LowUse { get; init; } = 0.4;

    /// <summary>
    /// A node that grew within this time does not grow again while those who wait for it are blocked as much as before it grew: that did not
    /// help. More than 0, default null: off.
    /// </summary>
    public TimeSpan? Blacklist { get; init; }

    internal DhalionOptions Checked()
    {
        new OptionChecks("Dhalion")
            .Check(BackPressureThreshold is > 0 and <= 1, "backPressureThreshold", BackPressureThreshold, "more than 0, at most 1")
            .InRange(LagGrowthThreshold, 0, 1e15, "lagGrowthThreshold")
            .Check(MaxScaleUpFactor is > 1 and <= 100, "maxScaleUpFactor", MaxScaleUpFactor, "more than 1, at most 100")
            .Check(ScaleDownFactor is > 0 and < 1, "scaleDownFactor", ScaleDownFactor, "more than 0, less than 1")
            .InRange(LowLag, 0, 1e15, "lowLag")
            .InRange(LowUse, 0, 1, "lowUse")
            .Check(Blacklist is null || Blacklist > TimeSpan.Zero, "blacklist", Blacklist, "more than 0, or absent for none")
            .Throw();
        return this;
    }
}
