using Kta.Functional.Simulation;
using Spectre.Console;
using static System.FormattableString;

namespace Kta.Cli;

/// <summary>A comparison as a table: for each application a row for each algorithm, the mean over the seeds.</summary>
internal static class ComparisonTable
{
    internal static void Write(IReadOnlyList<(Experiment Experiment, RunFigures Figures)> runs, IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn(new TableColumn("").Padding(0, 0)).AddColumn(new TableColumn("").Padding(0, 0));
        foreach (var name in (string[])["hours", "× clair-\nvoyant", "× static\npeak", "above\nobjective", "rescales", "max lag\nseconds", "J"])
        {
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap().Padding(0, 0));
        }

        var applications = runs.GroupBy(run => (run.Experiment.Application.Name, run.Experiment.Trace)).ToList();
        foreach (var application in applications)
        {
            var isAmbiguous = applications.Count(other => other.Key.Name == application.Key.Name) > 1;
            AddRows(table, isAmbiguous ? $"{application.Key.Name} · {application.Key.Trace}" : application.Key.Name, application);
        }

        var downtimes = applications.GroupBy(application => application.First().Experiment.Application.Downtime).ToList();
        foreach (var downtime in downtimes.Where(group => downtimes.Count > 1 && group.Count() > 1))
        {
            AddRows(table, Invariant($"mean of {downtime.Count()}, {Phrase.Length(downtime.Key)} down"), downtime.SelectMany(one => one));
        }

        if (applications.Count > 1)
        {
            AddRows(table, Invariant($"mean of all {applications.Count}"), runs);
        }

        console.Write(table);
        var seeds = applications.Max(application => application.Select(run => run.Experiment.Application.Seed).Distinct().Count());
        console.MarkupLineInterpolated($" [grey]◆ on the front: no other one has both fewer instance-hours and less time above the objective.{(seeds > 1 ? $" Means over {seeds} seeds." : "")}[/]");
    }

    private static void AddRows(Table table, string heading, IEnumerable<(Experiment Experiment, RunFigures Figures)> runs)
    {
        var rows = runs.GroupBy(run => run.Experiment.Policy).Select(group => (group.Key.Label, Figures: group.Select(run => run.Figures).ToList())).ToList();
        var isBest = Front.Of([.. rows.Select(row => (row.Figures.Average(one => one.InstanceHours), row.Figures.Average(one => one.TimeAboveObjective)))]);
        table.AddRow(new Text(heading, new Style(decoration: Decoration.Bold)));
        for (var i = 0; i < rows.Count; i++)
        {
            table.AddRow([.. Cells(rows[i].Label, isBest[i], rows[i].Figures).Select(cell => new Text(cell))]);
        }

        table.AddEmptyRow();
    }

    private static IEnumerable<string> Cells(string algorithm, bool isBest, List<RunFigures> figures) =>
    [
        $" {algorithm}",
        isBest ? "◆" : "",
        Invariant($"{figures.Average(one => one.InstanceHours):0.0}"),
        Invariant($"{figures.Average(one => one.InstanceHours / one.ClairvoyantInstanceHours!.Value):0.00}"),
        Invariant($"{figures.Average(one => one.InstanceHours / one.StaticPeakInstanceHours!.Value):0.00}"),
        Phrase.Share(figures.Average(one => one.TimeAboveObjective)),
        Invariant($"{figures.Average(one => (double)one.Rescales):0.#}"),
        Invariant($"{figures.Average(one => one.MaxLagSeconds):0.0}"),
        Invariant($"{figures.Average(one => one.J):0.000}"),
    ];
}
