namespace Kta.Functional;

/// <summary>The request does not follow the protocol, or carries results the algorithm's types cannot hold.</summary>
public sealed class InvalidRequestException : KtaException
{
    private const int MostShown = 20;

    /// <summary>Reports everything that is wrong with a request.</summary>
    /// <param name="problems">At least one problem.</param>
    /// <param name="isUnreadable">Whether the bytes could not be read as JSON text at all.</param>
    public InvalidRequestException(IReadOnlyList<RequestProblem> problems, bool isUnreadable = false)
        : base(Describe(problems))
    {
        Problems = problems;
        IsUnreadable = isUnreadable;
    }

    /// <summary>What is wrong, in the order of the request. The list is cut when there are very many problems.</summary>
    public IReadOnlyList<RequestProblem> Problems { get; }

    /// <summary>Whether the bytes could not be read as JSON text at all: not UTF-8, or nested too deeply.</summary>
    public bool IsUnreadable { get; }

    /// <summary>The id of the iteration, if that much could be read.</summary>
    internal string? IterationId { get; set; }

    private static string Describe(IReadOnlyList<RequestProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        var shown = string.Join("; ", problems.Take(MostShown));
        return problems.Count > MostShown ? $"{shown}; and {problems.Count - MostShown} more" : shown;
    }
}

/// <summary>One thing that is wrong with a request.</summary>
/// <param name="Path">The JSON path of the place, for example <c>$.resultHistory[3].planResult</c>.</param>
/// <param name="Expected">What should be there.</param>
/// <param name="Found">What is there, shortened.</param>
public sealed record RequestProblem(string Path, string Expected, string Found)
{
    /// <summary>The problem as one sentence.</summary>
    public override string ToString() => $"{Path}: expected {Expected}, found {Found}";
}
