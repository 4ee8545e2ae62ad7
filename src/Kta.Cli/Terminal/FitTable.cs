using Kta.Functional.Simulation;
using Spectre.Console;
using static System.FormattableString;

namespace Kta.Cli;

/// <summary>A fitted application for people: how well it replays the recording, what was found, and what is not known.</summary>
internal static class FitTable
{
    internal static void Write(ApplicationFit fit, IAnsiConsole console)
    {
        var application = fit.Application;
        console.MarkupLineInterpolated($"[bold]{application.Name} · {Phrase.Length(application.RunTime)} recorded, at {Phrase.Length(application.Interval)}[/]");
        console.WriteLine();
        console.MarkupLineInterpolated($" [bold]Replayed with the recorded load and plans[/] [grey](mean error, bias)[/]");
        console.Write(TableOf(
            ["node"],
            ["true rate", "records in", "lag"],
            fit.Fidelity.Select(node => (string[])[node.Node.ToString(), Share(node.TrueProcessingRate), Share(node.RecordsIn), Lag(node.LagSeconds)])));
        console.MarkupLineInterpolated($" [bold]Operators[/]");
        console.Write(TableOf(
            ["operator"],
            ["rate per instance", "exponent", "selectivity", "parallelism", "confidence"],
            fit.Operators.Select(one => (string[])[
                one.Node.ToString(),
                Invariant($"{one.RatePerInstance:#,0.##}/s{(one.RateError is >= 0.0005 and var error ? Invariant($" ± {100 * error:0.0} %") : "")}"),
                Invariant($"{one.Exponent:0.000}{(one.ExponentError is >= 0.0005 and var off ? Invariant($" ± {off:0.000}") : one.ExponentError is null ? " assumed" : "")}"),
                Invariant($"{one.Selectivity:0.####}{(one.HasMeasuredSelectivity ? "" : " assumed")}"),
                one.Parallelisms switch { [] => "not seen", [var only] => Invariant($"{only}"), [var least, .., var most] => Invariant($"{least}…{most}") },
                Phrase.Confidence(one.Confidence)])));
        var rescales = fit.Rescales;
        var range = rescales.MostDowntime is { } longest && longest > rescales.LeastDowntime ? Invariant($", from {rescales.LeastDowntime.TotalSeconds} to {longest.TotalSeconds} s explain it as well") : "";
        console.WriteLine(Invariant(
            $" {rescales.Count} rescales: {rescales.Downtime.TotalSeconds} s down{range}, {rescales.WarmUp.TotalSeconds} s of warm-up; confidence {Phrase.Confidence(rescales.Confidence)}"));
        console.WriteLine();
        foreach (var note in Notes(fit))
        {
            console.MarkupLineInterpolated($" · {note}");
        }
    }

    /// <summary>All that is not known for sure, the doubts about operators first.</summary>
    internal static IEnumerable<string> Notes(ApplicationFit fit) =>
    [
        .. fit.Operators.SelectMany(one => one.Doubts.Select(doubt => $"{one.Node}: {doubt}.")),
        .. fit.Rescales.Doubts.Select(doubt => $"downtime: {doubt}."),
        .. fit.Notes,
    ];

    private static Table TableOf(string[] left, string[] right, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns(left);
        foreach (var name in right)
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row.Select(cell => new Text(cell))]);
        }

        return table;
    }

    private static string Share(FitError? error) =>
        error is { Relative: { } relative, RelativeBias: { } bias } ? Invariant($"{100 * relative:0.0} % ({100 * bias:+0.0;-0.0;0.0} %)") : "—";

    private static string Lag(FitError? error) => error is null ? "—" : Invariant($"{error.MeanAbsolute:0.0} s ({error.Bias:+0.0;-0.0;0.0} s)");
}
