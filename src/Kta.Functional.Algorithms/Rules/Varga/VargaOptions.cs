namespace Kta.Functional.Algorithms;

/// <summary>The settings of <see cref="Varga"/>.</summary>
public sealed record VargaOptions
{
    /// <summary>The share of time in which instances shall not be idle. 0.01 to 1, default 0.7.</summary>
    public double UtilizationTarget { get; init; } = 0.7;

    /// <summary>
    /// What 1 + the growth of the lag by the records taken in may be; 1 is a lag that does not grow. 0.01 to 10, default 1.
    /// </summary>
    public double RelativeLagTarget { get; init; } = 1;

    /// <summary>From which share of blocked time on a node counts as back-pressured. More than 0, at most 1, default 0.1.</summary>
    public double BackPressureThreshold { get; init; } = 0.1;

    /// <summary>It goes down only as far as all proposals of this time agree on. 0 to 1 hour, default 300 s.</summary>
    public TimeSpan StabilizationWindow { get; init; } = TimeSpan.FromSeconds(300);

    internal VargaOptions Checked()
    {
        new OptionChecks("Varga")
            .InRange(UtilizationTarget, 0.01, 1, "utilizationTarget")
            .InRange(RelativeLagTarget, 0.01, 10, "relativeLagTarget")
            .Check(BackPressureThreshold is > 0 and <= 1, "backPressureThreshold", BackPressureThreshold, "more than 0, at most 1")
            .Check(
                StabilizationWindow >= TimeSpan.Zero && StabilizationWindow <= TimeSpan.FromHours(1),
                "stabilizationWindow",
                StabilizationWindow,
                "from 0 to 1 hour")
            .Throw();
        return this;
    }
}
