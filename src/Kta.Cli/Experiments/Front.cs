namespace Kta.Cli;

/// <summary>What nothing else beats in both: instance-hours and time above the objective.</summary>
internal static class Front
{
    /// <summary>Whether each is on the front; of equals all are.</summary>
    internal static bool[] Of(IReadOnlyList<(double Hours, double Late)> all) =>
        [.. all.Select(one => !all.Any(other => other.Hours <= one.Hours && other.Late <= one.Late && other != one))];
}
