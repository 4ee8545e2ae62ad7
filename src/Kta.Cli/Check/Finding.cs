namespace Kta.Cli;

/// <summary>How bad a finding is.</summary>
internal enum Severity
{
    /// <summary>The operator could not work with it, or would do something else than is meant.</summary>
    Error,

    /// <summary>It works, until something happens that does happen.</summary>
    Warning,

    /// <summary>Worth knowing.</summary>
    Note,
}

/// <summary>Something an endpoint does.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Code">Its name, which stays the same.</param>
/// <param name="Step">The step; null if it is none of one step.</param>
/// <param name="Probe">What was sent.</param>
/// <param name="What">What came of it.</param>
/// <param name="Operator">What the operator does then.</param>
/// <param name="Change">What to change.</param>
internal sealed record Finding(Severity Severity, string Code, string? Step, string Probe, string What, string Operator, string Change)
{
    /// <summary>How often it was found.</summary>
    internal int Count { get; init; } = 1;
}

/// <summary>What was found, each thing once for each step.</summary>
internal sealed class Findings
{
    internal const string Fails = "The iteration fails. It is tried again five times within about 20 s, and then after ten hours.";

    private readonly List<Finding> _all = [];

    /// <summary>The worst first, otherwise in the order they were found.</summary>
    internal IReadOnlyList<Finding> All => [.. _all.OrderBy(finding => finding.Severity)];

    internal bool HasErrors => _all.Exists(finding => finding.Severity == Severity.Error);

    internal void Add(Finding finding)
    {
        var known = _all.FindIndex(one => one.Code == finding.Code && one.Step == finding.Step);
        if (known < 0)
        {
            _all.Add(finding);
        }
        else
        {
            _all[known] = _all[known] with { Count = _all[known].Count + 1 };
        }
    }
}
