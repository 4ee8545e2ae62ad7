using System.Globalization;
using System.Text;
using Kta.Functional.Wire;

namespace Kta.Functional.Recording;

/// <summary>Writes a report as text: what there was, what differs, what could not be compared, what could not be read.</summary>
internal static class ReplayText
{
    private const string Gap = "  ";

    internal static string Write(ReplayReport report, int mostRows)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mostRows);
        var text = new StringBuilder();
        text.AppendLine(Summary(report));
        var hasFiles = report.Differences.Select(difference => difference.File).Distinct().Skip(1).Any();
        Table(
            text,
            mostRows,
            ["line", "step", "iteration", "path", "recorded", "replayed"],
            [
                .. report.Differences.Select(d => new[]
                {
                    Place(hasFiles ? d.File : null, d.Line), d.Step.Name(), d.IterationId ?? "", d.Path, d.Recorded, d.Replayed,
                }),
            ]);
        Table(
            text,
            mostRows,
            ["line", "step", "why"],
            [.. report.NotComparable.Select(call => new[] { Place(call.File, call.Line), call.Step.Name(), call.Reason })]);
        Table(
            text,
            mostRows,
            ["line", "why"],
            [.. report.UnreadableLines.Select(line => new[] { Place(line.File, line.Number), line.Problem ?? "" })]);
        return text.ToString();
    }

    private static string Summary(ReplayReport report)
    {
        var recorded = report.RecordedAlgorithms.Count > 0 ? $" of {string.Join(", ", report.RecordedAlgorithms)}" : "";
        var parts = new List<string>
        {
            report.Compared == 0 ? "nothing could be compared" : report.IsSame ? "no difference"
                : report.Differences.Count == 1 ? "1 differs"
                : $"{report.Differences.Count} differ",
        };
        Add(report.NotComparable.Count, report.NotComparable.Count == 1 ? "is not comparable" : "are not comparable");
        Add(report.UnreadableLines.Count, report.UnreadableLines.Count == 1 ? "line cannot be read" : "lines cannot be read");
        Add(report.Dropped, report.Dropped == 1 ? "call was dropped by the recorder" : "calls were dropped by the recorder");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Calls} call{(report.Calls == 1 ? "" : "s")}{recorded}, replayed with {Replay.NameOf(report.Algorithm)}: {string.Join(", ", parts)}.");

        void Add(long count, string what)
        {
            if (count > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}"));
            }
        }
    }

    private static string Place(string? file, long line) =>
        (file is null ? "" : Path.GetFileName(file) + ":") + line.ToString(CultureInfo.InvariantCulture);

    private static void Table(StringBuilder text, int mostRows, string[] header, string[][] rows)
    {
        if (rows.Length == 0)
        {
            return;
        }

        string[][] shown = [header, .. rows.Take(mostRows).Select(row => row.Select(Excerpt.Of).ToArray())];
        var widths = header.Select((_, column) => shown.Max(row => row[column].Length)).ToArray();
        text.AppendLine();
        foreach (var row in shown)
        {
            text.AppendLine((Gap + string.Join(Gap, row.Select((cell, i) => i == 0 ? cell.PadLeft(widths[0]) : cell.PadRight(widths[i])))).TrimEnd());
        }

        if (rows.Length > mostRows)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{Gap}… and {rows.Length - mostRows} more");
        }
    }
}
