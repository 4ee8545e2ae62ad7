namespace Kta.Functional.Algorithms;

/// <summary>The settings of <see cref="Ds2"/>, with the names and defaults of the paper and its repository.</summary>
public sealed record Ds2Options
{
    /// <summary>Deliberate over-provisioning: what is needed times (1 + this), then rounded up. 0 to 10, default 0.</summary>
    public double ScalingFactor { get; init; }

    /// <summary>
    /// In what time a backlog shall be gone: a source is sized for its arrivals plus lag / catchUp. More than 0, default null: DS2 itself
    /// never works a backlog off. With it, the lag of the sources has to be measured.
    /// </summary>
    public TimeSpan? CatchUp { get; init; }

    /// <summary>A plan that raises no node and lowers none by more than this changes nothing. At least 0, default 1.</summary>
    public int IgnoreDecreaseUpTo { get; init; } = 1;

    /// <summary>
    /// When the plan raises nothing although a source takes in less than what arrives divided by this, every number is multiplied by what
    /// is missing. At least 1, default null: off. Needs the records that the sources take in.
    /// </summary>
    public double? TargetRateRatio { get; init; }

    /// <summary>
    /// Every worker runs all nodes, as in Timely Dataflow: every node gets the same number, the sum over the nodes rounded up,
    /// and no less than what is there where a part of the sum is not known. Default false.
    /// </summary>
    public bool Timely { get; init; }

    internal Ds2Options Checked()
    {
        new OptionChecks("DS2")
            .InRange(ScalingFactor, 0, 10, "scalingFactor")
            .Check(CatchUp is null || CatchUp > TimeSpan.Zero, "catchUp", CatchUp, "more than 0, or absent for none")
            .Check(IgnoreDecreaseUpTo >= 0, "ignoreDecreaseUpTo", IgnoreDecreaseUpTo, "at least 0")
            .Check(TargetRateRatio is null or (>= 1 and <= 1000), "targetRateRatio", TargetRateRatio, "from 1 to 1000, or absent for none")
            .Throw();
        return this;
    }
}
