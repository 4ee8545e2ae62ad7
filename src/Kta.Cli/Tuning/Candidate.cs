using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>How good settings are: means over runs.</summary>
internal sealed record Score(double InstanceHours, double TimeAboveObjective, double Rescales, double J)
{
    internal static Score Of(IReadOnlyList<RunFigures> runs) => new(
        runs.Average(run => run.InstanceHours), runs.Average(run => run.TimeAboveObjective), runs.Average(run => (double)run.Rescales), runs.Average(run => run.J));
}

/// <summary>Settings that were tried.</summary>
/// <param name="Settings">Those that are given; the others are the defaults.</param>
/// <param name="Chosen">On the half on which the choice is made.</param>
/// <param name="Judged">On the half on which it is judged.</param>
internal sealed record Candidate(IReadOnlyList<KeyValuePair<string, string?>> Settings, Score Chosen, Score Judged);
