namespace Kta.Functional.Algorithms;

/// <summary>A PID controller for each node: holds a utilization, or a lag, at a setpoint.</summary>
/// <remarks>
/// <para><b>When to use it.</b> Where the signal answers slowly to a change of the plan, and a rule that knows the load is not possible.
/// With a signal that answers at once it does no better than <see cref="Hpa"/>, which is a proportional controller.</para>
/// <para><b>What it needs.</b> Per node: its signal, by default busy, and its parallelism.</para>
/// <para><b>How it decides.</b> The velocity form, from the last three errors e = (measured − setpoint) / setpoint under the present plan: the
/// instances change by the share Kp (e₀ − e₁) + Ki T e₀ + Kd (e₀ − 2 e₁ + e₂) / T. There is no sum that could wind up at a limit. Where rounding would take
/// every increase away although three errors are above the dead band, it is one more.</para>
/// <para><b>Missing numbers.</b> A node whose signal is not known keeps its parallelism. Earlier errors that are not known count as no move;
/// without them it does not go down.</para>
/// <para><b>Warm-up.</b> It scales up with the first measurement. After a change it is frozen for
/// <see cref="PidOptions.WarmUpSeconds"/>, and what was measured then, or under another plan, is not counted.</para>
/// <para><b>Source.</b> The velocity (incremental) form of the textbooks on digital control, such as Åström and Hägglund, "PID Controllers:
/// Theory, Design, and Tuning", 1995.</para>
/// </remarks>
public static class Pid
{
    private static readonly HistoryNeeded s_history = new(Entries: 10);

    /// <summary>The rule.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names all that are.</exception>
    public static ScalingRule Rule(PidOptions? options = null)
    {
        var settings = (options ?? new PidOptions()).Checked();
        return new ScalingRule("pid", s_history, (now, context) => new PidDecision(now, context, settings, s_history.Entries).Plan())
            .Prepared(Preparation.WarmUp(settings.WarmUp));
    }
}
