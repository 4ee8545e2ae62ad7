using System.Text.Json.Nodes;
using Spectre.Console;
using static System.FormattableString;

namespace Kta.Cli;

/// <summary>A search for people: its front, and what to do.</summary>
internal static class TuningTable
{
    private const int MostRows = 15;

    internal static void Write(JsonObject tuning, IAnsiConsole console)
    {
        var candidates = (JsonArray)tuning["candidates"]!;
        var front = ((JsonArray)tuning["front"]!).Select(i => i!.GetValue<int>()).OrderBy(i => TuningJson.Number(candidates[i]!, "chosen", "instanceHours")).ToList();
        var choice = tuning["choice"]!.GetValue<int>();
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumn("").AddColumn("settings");
        foreach (var name in (string[])["instance-\nhours", "above\nobjective", "rescales", "J", "J,\njudged"])
        {
            table.AddColumn(new TableColumn(name).RightAligned().NoWrap().Padding(1, 0));
        }

        var step = Math.Max(1, (front.Count + MostRows - 1) / MostRows);
        foreach (var i in front.Where((one, at) => at % step == 0 || one == choice).Append(0).Distinct())
        {
            var candidate = candidates[i]!;
            table.AddRow(((string[])[
                i == choice ? "→" : "",
                i == 0 ? $"current {TuningJson.SettingsOf(candidate)}" : TuningJson.SettingsOf(candidate),
                Invariant($"{TuningJson.Number(candidate, "chosen", "instanceHours"):0.0}"),
                Phrase.Share(TuningJson.Number(candidate, "chosen", "timeAboveObjective")),
                Invariant($"{TuningJson.Number(candidate, "chosen", "rescales"):0.#}"),
                Invariant($"{TuningJson.Number(candidate, "chosen", "j"):0.000}"),
                Invariant($"{TuningJson.Number(candidate, "judged", "j"):0.000}")]).Select(cell => new Text(cell)).ToArray());
        }

        console.Write(table);
        console.MarkupLineInterpolated($" [grey]The front of {candidates.Count} settings, on {tuning["chosenOn"]} runs each; judged on {tuning["judgedOn"]} others.[/]");
        console.MarkupLineInterpolated($" [bold]{tuning["advice"]!.ToString()}[/]");
    }
}
