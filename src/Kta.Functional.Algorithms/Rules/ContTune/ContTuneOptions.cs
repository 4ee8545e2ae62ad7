namespace Kta.Functional.Algorithms;

/// <summary>The settings of <see cref="ContTune"/>: those of the model it shares with <see cref="Ds2"/>, and how long it remembers.</summary>
public sealed record ContTuneOptions
{
    /// <summary>Deliberate over-provisioning: what is needed times (1 + this). 0 to 10, default 0.</summary>
    public double ScalingFactor { get; init; }

    /// <summary>
    /// In what time a backlog shall be gone: a source is sized for its arrivals plus lag / catchUp. More than 0, default null: never. With
    /// it, the lag of the sources has to be measured.
    /// </summary>
    public TimeSpan? CatchUp { get; init; }

    /// <summary>A plan that raises no node and lowers none by more than this changes nothing. At least 0, default 1.</summary>
    public int IgnoreDecreaseUpTo { get; init; } = 1;

    /// <summary>So many iterations are looked at for measured capacities. 0 to 10,000, default 120; 0 makes it DS2.</summary>
    public int LookBack { get; init; } = 120;

    internal ContTuneOptions Checked()
    {
        new OptionChecks("ContTune")
            .InRange(ScalingFactor, 0, 10, "scalingFactor")
            .Check(CatchUp is null || CatchUp > TimeSpan.Zero, "catchUp", CatchUp, "more than 0, or absent for none")
            .Check(IgnoreDecreaseUpTo >= 0, "ignoreDecreaseUpTo", IgnoreDecreaseUpTo, "at least 0")
            .InRange(LookBack, 0, 10_000, "lookBack")
            .Throw();
        return this;
    }
}
