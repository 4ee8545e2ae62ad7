using Kta.Functional.Simulation;
using Spectre.Console;
using static System.FormattableString;

namespace Kta.Cli;

/// <summary>An experiment in one screen.</summary>
internal static class SummaryText
{
    private const int MostDecisions = 20;

    internal static string Heading(Experiment experiment)
    {
        var application = experiment.Application;
        return $"{application.Name} · {experiment.Policy.Name} · {experiment.Trace} · {Phrase.Length(application.RunTime)} at {Phrase.Length(application.Interval)} · seed {application.Seed}";
    }

    internal static void Write(Outcome outcome, IAnsiConsole console)
    {
        var run = outcome.Run;
        console.MarkupLineInterpolated($"[bold]{Heading(outcome.Experiment)}[/]");
        console.WriteLine();
        var course = new Course(run.Topology);
        foreach (var sample in run.Samples)
        {
            course.Add(sample.Rate, sample.LagSeconds);
        }

        var (now, next) = (run.Start, 0);
        for (var second = 0; second < run.Samples.Count; second++)
        {
            for (; next < run.Changes.Count && run.Changes[next].At.TotalSeconds <= second; next++)
            {
                now = run.Changes[next].To;
            }

            course.Add(now);
        }

        console.Write(course.ToRenderable());
        console.WriteLine();
        Figures(outcome.Figures, run.Application.Objective, console);
        console.WriteLine();
        Decisions(run, console);
    }

    private static void Figures(RunFigures figures, ServiceObjective objective, IAnsiConsole console)
    {
        var limits = $"lag > {Phrase.Length(objective.Lag)}" + (objective.Latency is { } latency ? $" or latency > {Phrase.Length(latency)}" : "");
        var longest = figures.LongestViolation is { } violation ? $"; longest {Phrase.Length(violation.Length)} at {Phrase.Moment(violation.From)}" : "";
        Line("instance-hours", Invariant($"{figures.InstanceHours:0.0}"), string.Join(", ", Yardsticks(figures)));
        Line("above objective", Phrase.Share(figures.TimeAboveObjective), $"({limits}{longest})");
        Line("rescales", Invariant($"{figures.Rescales}"), Invariant($"({figures.RescalesUp} up, {figures.RescalesDown} down), {Phrase.Length(TimeSpan.FromSeconds(figures.DowntimeSeconds))} down, {figures.Oscillations} oscillations"));
        Line("lag", Invariant($"{figures.MeanLagSeconds:0.0} s"), Invariant($"mean, {figures.MaxLagSeconds:0.0} s at most"));
        Line("latency", Invariant($"{figures.MeanLatencySeconds:0.0} s"), Invariant($"mean, p99 {figures.P99LatencySeconds:0.0} s"));
        Line("instances", Invariant($"+{figures.OverProvisioned:0.0}"), Invariant($"over and -{figures.UnderProvisioned:0.0} under what was needed, on average"));
        Line("J", Invariant($"{figures.J:0.000}"), figures.ClairvoyantJ is { } best ? Invariant($"clairvoyant {best:0.000}; hours, rescales and lateness in one number, lower is better") : "");
        if (figures.ConvergedAfterDecisions is { } decisions)
        {
            Line("converged", Invariant($"{decisions}"), Invariant($"decisions after the worst step of the load, {Phrase.Length(TimeSpan.FromSeconds(figures.ConvergedAfterSeconds ?? 0))}"));
        }

        void Line(string name, string value, string beside) => console.MarkupLineInterpolated($" {name,-17} [bold]{value,8}[/]   [grey]{beside}[/]");
    }

    private static IEnumerable<string> Yardsticks(RunFigures figures)
    {
        foreach (var (hours, name) in (ReadOnlySpan<(double?, string)>)[(figures.ClairvoyantInstanceHours, "clairvoyant"), (figures.StaticPeakInstanceHours, "static peak")] is var all ? all.ToArray() : [])
        {
            if (hours is > 0)
            {
                yield return Invariant($"{figures.InstanceHours / hours:0.00} × {name} ({hours:0.0})");
            }
        }
    }

    private static void Decisions(SimulatedRun run, IAnsiConsole console)
    {
        var changes = run.Iterations.Where(iteration => iteration.Parallelism.Any(pair => pair.Value != iteration.Before[pair.Key])).ToList();
        foreach (var iteration in changes.TakeLast(MostDecisions))
        {
            foreach (var (node, count) in iteration.Parallelism.Where(pair => pair.Value != iteration.Before[pair.Key]))
            {
                var reasons = iteration.Explanation?.Nodes.FirstOrDefault(one => one.Node == node)?.Reasons ?? [];
                console.MarkupLineInterpolated($" {Phrase.Moment(iteration.At)}  [bold]{node} {iteration.Before[node]} → {count}[/]  {string.Join("; ", reasons)}");
            }
        }

        if (changes.Count > MostDecisions)
        {
            console.MarkupLineInterpolated($" [grey]… and {changes.Count - MostDecisions} earlier ones: --json or --report shows all.[/]");
        }
    }
}
