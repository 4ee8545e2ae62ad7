namespace Kta.Functional;

/// <summary>What somebody may have meant.</summary>
internal static class SimilarName
{
    private const int Longest = 200;

    /// <summary>The closest of the known names if it is close, and all of them otherwise.</summary>
    internal static string Hint(string found, IReadOnlyCollection<string> known) =>
        Closest(found, known) is { } closest ? $", did you mean {closest}?" : $"; known are {string.Join(", ", known)}";

    /// <summary>The known name that is probably meant; null if none is close.</summary>
    internal static string? Closest(string found, IEnumerable<string> known) =>
        found.Length > Longest ? null
        : known.MinBy(name => Distance(found, name)) is { } closest && Distance(found, closest) <= Math.Max(1, closest.Length / 3) ? closest : null;

    /// <summary>Characters to insert, remove, replace or swap with their neighbour, whatever their case.</summary>
    private static int Distance(string left, string right)
    {
        var (from, to) = (left.ToUpperInvariant(), right.ToUpperInvariant());
        var costs = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                costs[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(
                        costs[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1),
                        1 + Math.Min(costs[i - 1, j], costs[i, j - 1]));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    costs[i, j] = Math.Min(costs[i, j], costs[i - 2, j - 2] + 1);
                }
            }
        }

        return costs[from.Length, to.Length];
    }
}
