namespace Kta.Functional.Algorithms;

/// <summary>What a <see cref="Pid"/> controller holds at its setpoint.</summary>
public enum PidSignal
{
    /// <summary><see cref="NodeMeasurements.Busy"/>, a fraction.</summary>
    Busy,

    /// <summary><see cref="NodeMeasurements.Cpu"/>, a fraction of what is requested.</summary>
    Cpu,

    /// <summary><see cref="NodeMeasurements.Lag"/> in records; of a node that has none the largest of those that feed it.</summary>
    Lag,
}

/// <summary>The settings of <see cref="Pid"/>. An error is (measured − setpoint) / setpoint.</summary>
public sealed record PidOptions
{
    /// <summary>What is held at the setpoint. Default busy.</summary>
    public PidSignal Signal { get; init; }

    /// <summary>Where it is held, in the signal's unit: for busy more than 0 to 1, for CPU more than 0 to 10, for the lag at least 1 record. Default 0.7.</summary>
    public double Setpoint { get; init; } = 0.7;

    /// <summary>The gain of the move of the error since the measurement before. 0 to 100, default 0.5.</summary>
    public double Kp { get; init; } = 0.5;

    /// <summary>The gain of the error itself, per minute that it lasts. 0 to 100, default 0.5.</summary>
    public double Ki { get; init; } = 0.5;

    /// <summary>The gain of the bend of the error, in minutes. 0 to 100, default 0: measurements are noisy.</summary>
    public double Kd { get; init; }

    /// <summary>An error smaller than this changes nothing. 0 to 10, default 0.1.</summary>
    public double DeadBand { get; init; } = 0.1;

    /// <summary>Seconds between two decisions. 1 to 3600, default 60.</summary>
    public double IntervalSeconds { get; init; } = 60;

    /// <summary>Frozen for so many seconds after a change of the plan, the restart included. 0 to 3600, default 120.</summary>
    public double WarmUpSeconds { get; init; } = 120;

    /// <summary>The least number of instances of a node. At least 1, default 1.</summary>
    public int MinParallelism { get; init; } = 1;

    /// <summary>The largest number of instances of a node; one that has more and needs them keeps them. At least the least, default 64.</summary>
    public int MaxParallelism { get; init; } = 64;

    internal TimeSpan WarmUp => TimeSpan.FromSeconds(WarmUpSeconds);

    /// <summary>How many errors a decrease has to know.</summary>
    internal int ErrorsNeeded => Kd > 0 ? 3 : Kp > 0 ? 2 : 1;

    internal PidOptions Checked()
    {
        new OptionChecks("PID")
            .Check(Enum.IsDefined(Signal), "signal", Signal, "busy, cpu or lag")
            .Check(
                Signal switch { PidSignal.Lag => Setpoint is >= 1 and < double.PositiveInfinity, PidSignal.Cpu => Setpoint is > 0 and <= 10, _ => Setpoint is > 0 and <= 1 },
                "setpoint",
                Setpoint,
                "for busy more than 0 to 1, for cpu more than 0 to 10, for lag at least 1 record")
            .InRange(Kp, 0, 100, "kp")
            .InRange(Ki, 0, 100, "ki")
            .InRange(Kd, 0, 100, "kd")
            .InRange(DeadBand, 0, 10, "deadBand")
            .InRange(IntervalSeconds, 1, 3600, "intervalSeconds", "s")
            .InRange(WarmUpSeconds, 0, 3600, "warmUpSeconds", "s")
            .Check(MinParallelism >= 1, "minParallelism", MinParallelism, "at least 1")
            .Check(MaxParallelism >= MinParallelism, "maxParallelism", MaxParallelism, "at least minParallelism")
            .Throw();
        return this;
    }
}
