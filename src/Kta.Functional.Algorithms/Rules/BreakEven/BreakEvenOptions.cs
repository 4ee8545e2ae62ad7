using static System.FormattableString;

namespace Kta.Functional.Algorithms;

/// <summary>The settings of <see cref="BreakEven"/>. <see cref="LatePrice"/> is the one knob most users need; interval, downtime, warm-up and
/// objective describe the system.</summary>
/// <remarks>All prices are in job minutes: what it costs to run the present plan for one minute.</remarks>
public sealed record BreakEvenOptions
{
    /// <summary>A source is late when its lag exceeds this many seconds of its input. More than 0, at most 3600, default 10.</summary>
    public double SloSeconds { get; init; } = 10;

    /// <summary>Seconds between two decisions. 1 to 3600, default 60.</summary>
    public double IntervalSeconds { get; init; } = 60;

    /// <summary>Nothing is processed for so many seconds after a change. 0 to 3600, default 30.</summary>
    public double DowntimeSeconds { get; init; } = 30;

    /// <summary>There is no measurement for so many seconds after the downtime. 0 to 3600, default 60.</summary>
    public double WarmUpSeconds { get; init; } = 60;

    /// <summary>The price of a change beside its lateness, in job minutes. 0 to 1000, default 2.</summary>
    public double RescalePrice { get; init; } = 2;

    /// <summary>The price of one minute above the objective, in job minutes: 1 is cheap, 3 the default, 8 strict. 0 to 1000.</summary>
    public double LatePrice { get; init; } = 3;

    /// <summary>The assumed life of a plan in minutes; it sizes the headroom that a restart needs to catch up. 1 to 10,000, default 20.</summary>
    public double PlanLife { get; init; } = 20;

    /// <summary>The assumed growth of a load that has just outgrown its plan, per minute. 0 to 1, default 0.0125.</summary>
    public double Growth { get; init; } = 0.0125;

    /// <summary>The headroom for growth is never more than this. 0 to 10, default 1: twice the demand.</summary>
    public double MaxGrowthHeadroom { get; init; } = 1;

    /// <summary>The least headroom. 0 to 10, default 0.05.</summary>
    public double Spare { get; init; } = 0.05;

    /// <summary>Headroom for the measured noise of the arrivals, as a multiple of it. 0 to 100, default 1.5.</summary>
    public double NoiseFactor { get; init; } = 1.5;

    /// <summary>The most headroom for noise. 0 to 10, default 0.4.</summary>
    public double MaxSpare { get; init; } = 0.4;

    /// <summary>For increases the capacity is taken to grow as instances to this power; for decreases linearly. 0.1 to 1, default 0.95.</summary>
    public double ScalingExponent { get; init; } = 0.95;

    /// <summary>A decrease goes no lower than the largest load of so many seconds. 0 to 86,400, default 240.</summary>
    public double RecentSeconds { get; init; } = 240;

    /// <summary>How many levels compete for a decrease. 2 to 1000, default 8.</summary>
    public int Levels { get; init; } = 8;

    /// <summary>The least number of instances of a node. At least 1, default 1.</summary>
    public int MinParallelism { get; init; } = 1;

    /// <summary>The largest number of instances of a node; a node that has more keeps them. At least minParallelism, default 64.</summary>
    public int MaxParallelism { get; init; } = 64;

    internal BreakEvenOptions Checked()
    {
        new OptionChecks("Break-even")
            .Check(SloSeconds is > 0 and <= 3600, "sloSeconds", SloSeconds, "more than 0, at most 3600 seconds")
            .InRange(IntervalSeconds, 1, 3600, "intervalSeconds", "seconds")
            .InRange(DowntimeSeconds, 0, 3600, "downtimeSeconds", "seconds")
            .InRange(WarmUpSeconds, 0, 3600, "warmUpSeconds", "seconds")
            .InRange(RescalePrice, 0, 1000, "rescalePrice", "job minutes")
            .InRange(LatePrice, 0, 1000, "latePrice", "job minutes")
            .InRange(PlanLife, 1, 10_000, "planLife", "minutes")
            .InRange(Growth, 0, 1, "growth", "per minute")
            .InRange(MaxGrowthHeadroom, 0, 10, "maxGrowthHeadroom")
            .InRange(Spare, 0, 10, "spare")
            .InRange(NoiseFactor, 0, 100, "noiseFactor")
            .InRange(MaxSpare, 0, 10, "maxSpare")
            .InRange(ScalingExponent, 0.1, 1, "scalingExponent")
            .InRange(RecentSeconds, 0, 86_400, "recentSeconds", "seconds")
            .InRange(Levels, 2, 1000, "levels")
            .Check(MinParallelism >= 1, "minParallelism", MinParallelism, "at least 1")
            .Check(MaxParallelism >= MinParallelism, "maxParallelism", MaxParallelism, Invariant($"at least minParallelism, which is {MinParallelism}"))
            .Throw();
        return this;
    }
}
