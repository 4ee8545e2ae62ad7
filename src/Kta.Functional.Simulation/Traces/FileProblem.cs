namespace Kta.Functional.Simulation;

/// <summary>Something in a file that cannot be read.</summary>
/// <param name="File">The name of the file, as it was given.</param>
/// <param name="Line">The line, from 1; 0: the whole file.</param>
/// <param name="Member">Where in the file's structure, for example <c>operators[2].ratePerInstance</c>; null: the file has none.</param>
/// <param name="Message">What was expected, and what was found.</param>
public sealed record FileProblem(string File, int Line, string? Member, string Message)
{
    /// <summary>All of it: <c>orders.yaml:7: operators[2].ratePerInstance: expected a positive number of records per second, found "fast"</c>.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{File}{(Line > 0 ? $":{Line}" : "")}: {(Member is null ? "" : $"{Member}: ")}{Message}");
}

/// <summary>A file cannot be read: says everything that is wrong with it, a line for each problem.</summary>
public sealed class FileProblemException : FormatException
{
    private const int MostShown = 20;

    /// <summary>Reports problems.</summary>
    /// <param name="problems">At least one.</param>
    public FileProblemException(IReadOnlyList<FileProblem> problems)
        : base(TextOf(problems)) => Problems = problems;

    /// <summary>Everything that is wrong, in the order of the file.</summary>
    public IReadOnlyList<FileProblem> Problems { get; }

    private static string TextOf(IReadOnlyList<FileProblem> problems)
    {
        var shown = problems.Take(MostShown).Select(problem => problem.ToString());
        string[] more = problems.Count > MostShown ? [FormattableString.Invariant($"… and {problems.Count - MostShown} more")] : [];
        return string.Join('\n', [.. shown, .. more]);
    }
}
