using static System.FormattableString;

namespace Kta.Functional.Operator;

/// <summary>How several processes agree on which of them leads.</summary>
/// <remarks>Immutable. All of them need the same times.</remarks>
public sealed record LeadershipOptions
{
    /// <summary>How long a leader that is not heard of any more is waited for: whole seconds, at least 1. Default 15 s.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a leader tries to be heard of before it gives up by itself: shorter than the lease. Default 10 s.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a leader renews, and others look whether they can lead: shorter than half the deadline. Default 2 s.</summary>
    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Is told what is worth knowing, a sentence each: who leads, and why the lease cannot be read or written.</summary>
    public Action<string>? OnNote { get; init; }

    /// <exception cref="ArgumentException">The times do not fit together; everything that does not is named.</exception>
    internal LeadershipOptions Checked()
    {
        new OptionProblems("leadership")
            .When(LeaseDuration < TimeSpan.FromSeconds(1) || LeaseDuration.Ticks % TimeSpan.TicksPerSecond != 0, Invariant($"LeaseDuration has to be whole seconds, at least 1, got {LeaseDuration}"))
            .When(RenewDeadline >= LeaseDuration, Invariant($"RenewDeadline has to be below LeaseDuration, got {RenewDeadline}"))
            .When(RetryPeriod <= TimeSpan.Zero || RetryPeriod >= RenewDeadline / 2, Invariant($"RetryPeriod has to be above 0 and below half of RenewDeadline, got {RetryPeriod}"))
            .ThrowIfAny();
        return this;
    }
}
