using System.Text;

namespace Kta.Functional.Simulation;

/// <summary>Rows as columns of one width each, with lines of their own below a row.</summary>
internal static class TableText
{
    /// <param name="rows">The heading, then the rows; the first column is aligned to the right.</param>
    /// <param name="below">What stands below a row, by its number; the heading is number 0.</param>
    internal static string Align(IReadOnlyList<string[]> rows, Func<int, IEnumerable<string>> below)
    {
        var widths = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        for (var number = 0; number < rows.Count; number++)
        {
            var row = rows[number];
            var line = new StringBuilder();
            for (var column = 0; column < row.Length; column++)
            {
                line.Append(column == 0 ? row[0].PadLeft(widths[0] + 2) : row[column].PadRight(widths[column])).Append("  ");
            }

            text.AppendLine(line.ToString().TrimEnd());
            foreach (var one in below(number))
            {
                text.Append(' ', widths[0] + 4).AppendLine(one);
            }
        }

        return text.ToString();
    }

    /// <summary>A parallelism: <c>+</c> and <c>-</c> mark a change, <c>(n)</c> what was asked for where limits changed it.</summary>
    internal static string Cell(int before, int applied, int asked) =>
        $"{applied}{(applied > before ? " +" : applied < before ? " -" : "")}{(asked == applied ? "" : $" ({asked})")}";

    /// <summary>Why, for each node that was changed or held back.</summary>
    internal static IEnumerable<string> WhyOf(Explanation? explanation) =>
        explanation?.Nodes.Where(node => node.IsDecision && node.Reasons.Count > 0).Select(node => node.LogLine()) ?? [];
}
