using Kta.Functional;
using Kta.Functional.Operator;
using Spectre.Console;
using static System.FormattableString;

namespace Kta.Cli;

/// <summary>What a store says about a policy, as a table: what was decided and why, what came of it, and what happened between.</summary>
/// <param name="run">What is shown.</param>
/// <param name="withAll">Also decisions that change nothing.</param>
/// <param name="withReasons">All reasons, not only the first.</param>
internal sealed class HistoryTable(StoredRun run, bool withAll, bool withReasons)
{
    private readonly List<(DateTimeOffset At, string[] Cells)> _rows = [];

    /// <param name="most">How many rows at most, the newest; null: all.</param>
    /// <param name="console">Where it is shown.</param>
    internal void Write(int? most, IAnsiConsole console)
    {
        for (var i = 0; i < run.Iterations.Count; i++)
        {
            Add(i);
        }

        var left = run.Iterations.Count - _rows.Select(row => row.At).Distinct().Count();
        _rows.AddRange(run.Failures.Select(one => (one.At, Row("—", "failed", "", one.Problem))));
        _rows.AddRange(run.Settings.Select((one, i) => (one.At, Row("—", "settings", "", SettingsChange.Text(i > 0 ? run.Settings[i - 1].Json : null, one.Json)))));
        _rows.AddRange(run.Rescales.Select(one => (one.StartedAt + one.Took, Row("—", "rescaled", "", $"it took {Phrase.Length(one.Took)} until all ran again"))));
        var rows = _rows.OrderBy(row => row.At).ToList();
        var shown = rows.TakeLast(most ?? rows.Count).ToList();
        console.MarkupLineInterpolated($"[bold]{run.Policy}[/] · {Count(run.Iterations.Count, "decision")}, {Count(run.Failures.Count, "failure")} · local times with their offset from UTC");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("time", "node", "from → to", "scaling", "why");
        table.Columns[0].NoWrap();
        foreach (var (at, cells) in shown)
        {
            table.AddRow([new Text(Moment.Text(at)), .. cells.Select(cell => new Text(cell))]);
        }

        console.Write(table);
        if (shown.Count < rows.Count)
        {
            console.MarkupLineInterpolated($" [grey]… and {rows.Count - shown.Count} earlier ones: --last shows more.[/]");
        }

        if (left > 0 && !withAll)
        {
            console.MarkupLineInterpolated($" [grey]{Count(left, "decision")} that changed nothing left out: --all shows them.[/]");
        }
    }

    private void Add(int place)
    {
        var iteration = run.Iterations[place];
        var told = 0;
        foreach (var node in iteration.Parallelism.Keys)
        {
            var applied = run.Applied(place, node);
            var scaled = iteration.Scaling?.Nodes.FirstOrDefault(one => one.Node == node);
            var why = iteration.Explanation?.Nodes.FirstOrDefault(one => one.Node == node);
            var before = run.Before(place, node);
            var isChange = before != applied || scaled is { Outcome: not ScalingOutcome.Unchanged } or { Problem: not null };
            if (isChange || (withAll && why is { IsHeldBack: true } or { LacksData: true }) || (withAll && withReasons && why is { Reasons.Count: > 0 }))
            {
                told++;
                _rows.Add((iteration.EndedAt, [
                    node.ToString()!,
                    Change(before, applied, iteration.PlanResult.GetValueOrDefault(node, applied)) + (why?.IsHeldBack == true ? ", held back" : "") + (why?.LacksData == true ? ", measurements missing" : ""),
                    Scaling(place, scaled),
                    Why(why?.Reasons ?? []) + (scaled?.Problem is { } problem ? $"{(why is { Reasons.Count: > 0 } ? "\n" : "")}{SafeExcerpt.OfLine(problem)}" : ""),
                ]));
            }
        }

        if (told == 0 && withAll)
        {
            _rows.Add((iteration.EndedAt, Row("all", "kept", Scaling(place, iteration.Scaling is { Nodes: [var first, ..] } ? first : null), "")));
        }
    }

    private static string[] Row(string node, string what, string scaling, string why) => [node, what, scaling, SafeExcerpt.OfLine(why)];

    private static string Change(int? before, int applied, int planned) =>
        (before is null ? Invariant($"→ {applied}") : before == applied ? Invariant($"keeps {applied}") : Invariant($"{before} → {applied}"))
        + (planned == applied ? "" : Invariant($" (asked for {planned})"));

    private string Scaling(int place, NodeScaling? scaled) => scaled?.Outcome switch
    {
        ScalingOutcome.Unchanged => "was so already",
        ScalingOutcome.Sent => "sent",
        ScalingOutcome.Recommended => "recommended only",
        ScalingOutcome.Failed => "failed",
        _ => run.Iterations[place].Scaling is not null ? "" : place == run.Iterations.Count - 1 ? "under way" : "not known",
    };

    private string Why(IReadOnlyList<Reason> reasons) =>
        string.Join('\n', reasons.Take(withReasons ? reasons.Count : 1).Select(reason => SafeExcerpt.OfLine(reason.ToString())));

    private static string Count(int number, string what) => Invariant($"{number:#,0} {what}{(number == 1 ? "" : "s")}");
}
