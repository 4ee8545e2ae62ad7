using System.Globalization;
using System.Text;

namespace Kta.Functional.Recording;

/// <summary>Writes a report as text: what there was, what differs, what could not be compared, what could not be read.</summary>
internal static class ReplayText
{
    internal const int MostRows = 50;

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
            ["line", "step", "iteration", .. report.IsClosedLoop ? ["request"] : Array.Empty<string>(), "path", "recorded", "replayed"],
            [
                .. report.Differences.Select(d => (string[])
                [
                    Place(hasFiles ? d.File : null, d.Line),
                    d.Step.Name(),
                    d.IterationId ?? "",
                    .. report.IsClosedLoop ? [d.IsRequestChanged ? "changed" : "recorded"] : Array.Empty<string>(),
                    d.Path,
                    d.Recorded,
                    d.Replayed,
                ]),
            ]);
        Reasons(text, mostRows, report.Differences, hasFiles);
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
        foreach (var file in report.FilesNotRead)
        {
            text.AppendLine().AppendLine($"{Gap}Not read, as it is a copy or of another recording: {file}");
        }

        return text.ToString();
    }

    /// <summary>Why the plans differ, the old reasons above the new ones.</summary>
    private static void Reasons(StringBuilder text, int mostRows, IReadOnlyList<ReplayDifference> differences, bool hasFiles)
    {
        foreach (var difference in differences.Where(one => one.Reasons.Count > 0).Take(mostRows))
        {
            foreach (var reason in difference.Reasons)
            {
                text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{Gap}{Place(hasFiles ? difference.File : null, difference.Line)}{Gap}{SafeExcerpt.Of(reason.Node)}");
                text.AppendLine(CultureInfo.InvariantCulture, $"{Gap}{Gap}recorded: {SafeExcerpt.OfLine(reason.Recorded)}");
                text.AppendLine(CultureInfo.InvariantCulture, $"{Gap}{Gap}replayed: {SafeExcerpt.OfLine(reason.Replayed)}");
            }
        }
    }

    /// <summary>Why a test fails that wanted no difference.</summary>
    internal static string WriteFailure(ReplayReport report)
    {
        var text = Write(report, MostRows);
        return report.IsSame && report.Compared > 0
            ? $"No answer differs, but the recording is not complete, so others might. ThrowIfDifferent(allowIncomplete: true) accepts that.{Environment.NewLine}{text}"
            : text;
    }

    private static string Summary(ReplayReport report)
    {
        var recorded = report.RecordedAlgorithms.Count > 0 ? $" of {string.Join(", ", report.RecordedAlgorithms)}" : "";
        var parts = new List<string>
        {
            report.Compared == 0 ? WhyNothing(report) : report.IsSame ? "no difference"
                : report.Differences.Count == 1 ? "1 differs"
                : $"{report.Differences.Count} differ",
        };
        Add(report.NotComparable.Count, report.NotComparable.Count == 1 ? "is not comparable" : "are not comparable");
        Add(report.UnreadableLines.Count, report.UnreadableLines.Count == 1 ? "line cannot be read" : "lines cannot be read");
        Add(report.Dropped, report.Dropped == 1 ? "call was dropped by the recorder" : "calls were dropped by the recorder");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Calls} call{(report.Calls == 1 ? "" : "s")}{recorded}, replayed with {report.Algorithm}, {(report.IsClosedLoop ? "in a closed loop" : "each by itself")}: {string.Join(", ", parts)}.");

        void Add(long count, string what)
        {
            if (count > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}"));
            }
        }
    }

    private static string WhyNothing(ReplayReport report)
    {
        var steps = report.Steps.Select(step => step.Name()).ToArray();
        return report.Calls == 0 && report.IsComplete ? "nothing could be compared, the recording is empty"
            : report.Calls > 0 && report.NotComparable.All(call => !report.Steps.Contains(call.Step))
                ? $"nothing could be compared, the recording has no call of {string.Join(" or ", steps)}"
            : "nothing could be compared";
    }

    /// <summary>The number 0 stands for the file itself.</summary>
    private static string Place(string? file, long line)
    {
        var number = line.ToString(CultureInfo.InvariantCulture);
        return file is null ? number : line == 0 ? Path.GetFileName(file) : $"{Path.GetFileName(file)}:{number}";
    }

    private static void Table(StringBuilder text, int mostRows, string[] header, string[][] rows)
    {
        if (rows.Length == 0)
        {
            return;
        }

        string[][] shown = [header, .. rows.Take(mostRows).Select(row => row.Select(SafeExcerpt.Of).ToArray())];
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
