namespace Kta.Functional.Monitoring;

/// <summary>The time that a range query looks back over, until now.</summary>
/// <param name="Over">How long; at least one step.</param>
/// <param name="Step">How far its points are apart, at least 1 ms; at most 11,000 of them, as Prometheus allows no more.</param>
/// <example><code>query with { Range = new(Over: TimeSpan.FromMinutes(2), Step: TimeSpan.FromSeconds(15)) }</code></example>
public sealed record PrometheusRange(TimeSpan Over, TimeSpan Step)
{
    private const int MostPoints = 11_000;

    /// <summary>How far the points are apart.</summary>
    public TimeSpan Step { get; } = Step >= TimeSpan.FromMilliseconds(1)
        ? Step
        : throw new ArgumentException($"A step has to be at least 1 ms, got {Step}.", nameof(Step));

    /// <summary>How long it looks back.</summary>
    public TimeSpan Over { get; } = Fits(Over, Step)
        ? Over
        : throw new ArgumentException($"A range has to be at least one step of {Step} long and to have at most {MostPoints} points, got {Over}.", nameof(Over));

    /// <summary>From the first point to the last, which is now.</summary>
    internal TimeSpan Span => Step * (Over.Ticks / Step.Ticks);

    internal static bool Fits(TimeSpan over, TimeSpan step) => over >= step && over.Ticks / step.Ticks < MostPoints;
}
