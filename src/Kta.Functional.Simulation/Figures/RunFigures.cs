using System.Text;
using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>How good a run was. All figures count every second of the run alike.</summary>
/// <remarks>Immutable. What each figure means in detail, with an example: <c>docs/figures.md</c>.</remarks>
public sealed record RunFigures
{
    /// <summary>What <see cref="J"/> charges for a run that is above the objective all the time.</summary>
    internal const double LatePrice = 3;

    /// <summary>A change against the last change of the same node counts as an oscillation if they are at most this far apart: 10 minutes.</summary>
    public static TimeSpan OscillationWindow { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Instances of all nodes times hours, those that are down included.</summary>
    public required double InstanceHours { get; init; }

    /// <summary>How often the parallelism changed.</summary>
    public required int Rescales { get; init; }

    /// <summary>The changes that gave at least one node more instances.</summary>
    public required int RescalesUp { get; init; }

    /// <summary>The other changes.</summary>
    public required int RescalesDown { get; init; }

    /// <summary>Seconds in which nothing was processed because of a restart.</summary>
    public required double DowntimeSeconds { get; init; }

    /// <summary>The share of seconds above the objective, from 0 to 1: the lag of the worst source was above it, or the latency.</summary>
    public required double TimeAboveObjective { get; init; }

    /// <summary>The longest time without a break above the objective; null if it never was.</summary>
    public required Violation? LongestViolation { get; init; }

    /// <summary>The mean lag of the worst source, as seconds of what arrived.</summary>
    public required double MeanLagSeconds { get; init; }

    /// <summary>The largest lag of the worst source, as seconds of what arrived.</summary>
    public required double MaxLagSeconds { get; init; }

    /// <summary>The mean of the latencies of all seconds.</summary>
    public required double MeanLatencySeconds { get; init; }

    /// <summary>The latency that 99 of 100 seconds do not exceed.</summary>
    public required double P99LatencySeconds { get; init; }

    /// <summary>Mean instances above the smallest plan for what arrives in the second, summed over the nodes that have more.</summary>
    public required double OverProvisioned { get; init; }

    /// <summary>Mean instances below the smallest plan for what arrives in the second, summed over the nodes that have fewer.</summary>
    public required double UnderProvisioned { get; init; }

    /// <summary>Changes that turn a node's last change around within <see cref="OscillationWindow"/>.</summary>
    public required int Oscillations { get; init; }

    /// <summary>
    /// The changes after a step of the load until the next step or the end, of the step after which there were most. A step is a second
    /// with at least a fifth more or less than the one before. Null if the load has no step.
    /// </summary>
    public required int? ConvergedAfterDecisions { get; init; }

    /// <summary>The time from a step to the last change that followed it, of the step after which that took longest; null if the load has no step.</summary>
    public required double? ConvergedAfterSeconds { get; init; }

    /// <summary>The instance-hours of ideal tracking: every minute the smallest plan for what arrives then.</summary>
    public required double IdealInstanceHours { get; init; }

    /// <summary>The instance-hours of <see cref="StaticPlan.Peak"/> over the same time; null if the figures are of samples alone.</summary>
    public double? StaticPeakInstanceHours { get; init; }

    /// <summary>The instance-hours of the clairvoyant optimum; null if it was not asked for.</summary>
    public double? ClairvoyantInstanceHours { get; init; }

    /// <summary><see cref="J"/> of the clairvoyant optimum; null if it was not asked for.</summary>
    public double? ClairvoyantJ { get; init; }

    /// <summary>The minutes of the run, for <see cref="J"/>.</summary>
    internal double Minutes { get; init; }

    /// <summary>
    /// One number to compare runs of one application by, lower is better: instance-hours divided by those of ideal tracking, plus rescales
    /// per minute, plus 3 times the share of time above the objective.
    /// </summary>
    public double J => (InstanceHours / IdealInstanceHours) + (Rescales / Minutes) + (LatePrice * TimeAboveObjective);

    /// <summary>The figures of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="optimum">The clairvoyant's for the same application; null: the figures that compare with it are null.</param>
    public static RunFigures Of(SimulatedRun run, ClairvoyantOptimum? optimum = null)
    {
        ArgumentNullException.ThrowIfNull(run);
        var peak = StaticPlan.Peak(run.Application).Values.Sum();
        return Of(run.Samples, run.Changes, run.Application.Objective) with
        {
            StaticPeakInstanceHours = peak * run.Application.RunTime.TotalHours,
            ClairvoyantInstanceHours = optimum?.Figures.InstanceHours,
            ClairvoyantJ = optimum?.Figures.J,
        };
    }

    /// <summary>The figures of seconds and changes, wherever they come from.</summary>
    /// <param name="samples">The seconds from the first to the last, at least one.</param>
    /// <param name="changes">The changes of the parallelism, the first one first.</param>
    /// <param name="objective">What counts as too late.</param>
    /// <exception cref="ArgumentException">There is no second.</exception>
    public static RunFigures Of(IReadOnlyList<RunSample> samples, IReadOnlyList<PlanChange> changes, ServiceObjective objective)
    {
        ArgumentNullException.ThrowIfNull(samples);
        ArgumentNullException.ThrowIfNull(changes);
        ArgumentNullException.ThrowIfNull(objective);
        if (samples.Count == 0)
        {
            throw new ArgumentException("Figures need at least one second.", nameof(samples));
        }

        var sums = new FigureSums(samples, objective);
        var converged = Convergence.Of(samples, changes);
        var up = changes.Count(change => change.IsUp);
        return new()
        {
            InstanceHours = sums.InstanceSeconds / 3600.0,
            Rescales = changes.Count,
            RescalesUp = up,
            RescalesDown = changes.Count - up,
            DowntimeSeconds = sums.Down,
            TimeAboveObjective = sums.Late / (double)samples.Count,
            LongestViolation = sums.Longest,
            MeanLagSeconds = sums.Lag / samples.Count,
            MaxLagSeconds = sums.MaxLag,
            MeanLatencySeconds = sums.Latency / samples.Count,
            P99LatencySeconds = sums.LatencyAt(0.99),
            OverProvisioned = sums.Over / (double)samples.Count,
            UnderProvisioned = sums.Under / (double)samples.Count,
            Oscillations = Convergence.Oscillations(changes, OscillationWindow),
            ConvergedAfterDecisions = converged?.Decisions,
            ConvergedAfterSeconds = converged?.Seconds,
            IdealInstanceHours = sums.IdealInstanceSeconds / 3600.0,
            Minutes = samples.Count / 60.0,
        };
    }

    /// <summary>The figures for people, one on a line.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Line("instance-hours", Invariant($"{InstanceHours:0.0}") + Against(ClairvoyantInstanceHours, "clairvoyant") + Against(StaticPeakInstanceHours, "static peak"));
        Line("above objective", Invariant($"{TimeAboveObjective:P1}") + (LongestViolation is { } longest ? $", longest {longest}" : ""));
        Line("rescales", Invariant($"{Rescales} ({RescalesUp} up, {RescalesDown} down), {DowntimeSeconds:0} s down, {Oscillations} oscillations"));
        Line("lag", Invariant($"mean {MeanLagSeconds:0.0} s, max {MaxLagSeconds:0.0} s"));
        Line("latency", Invariant($"mean {MeanLatencySeconds:0.0} s, p99 {P99LatencySeconds:0.0} s"));
        Line("provisioning", Invariant($"{OverProvisioned:0.0} over, {UnderProvisioned:0.0} under"));
        if (ConvergedAfterDecisions is { } decisions)
        {
            Line("converged", Invariant($"after {decisions} decisions, {ConvergedAfterSeconds:0} s"));
        }

        Line("J", Invariant($"{J:0.000}") + (ClairvoyantJ is { } best ? Invariant($", clairvoyant {best:0.000}") : ""));
        return text.ToString();

        void Line(string name, string value) => text.Append(name.PadRight(17)).AppendLine(value);

        string Against(double? hours, string yardstick) => hours is { } known ? Invariant($", {InstanceHours / known:0.00} × {yardstick} ({known:0.0})") : "";
    }
}

/// <summary>A time without a break above the objective.</summary>
/// <param name="From">When it began, since the start.</param>
/// <param name="Length">How long it lasted.</param>
public sealed record Violation(TimeSpan From, TimeSpan Length)
{
    /// <summary>For people: <c>132 s at 01:42:10</c>.</summary>
    public override string ToString() => Invariant($"{Length.TotalSeconds:0} s at {RunTable.Time(From)}");
}
