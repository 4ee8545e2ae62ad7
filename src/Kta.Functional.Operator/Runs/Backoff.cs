namespace Kta.Functional.Operator;

/// <summary>When a failed iteration is tried again: at the next interval, and later the longer it goes on failing.</summary>
internal static class Backoff
{
    private const double JitterShare = 0.1;
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(5);

    /// <summary>The pause after failures.</summary>
    /// <param name="interval">The interval of the policy.</param>
    /// <param name="failures">How many in a row, at least 1.</param>
    /// <param name="chance">From 0 to 1: keeps those that failed together from coming back together.</param>
    internal static TimeSpan After(TimeSpan interval, int failures, double chance)
    {
        var longest = interval > s_longest ? interval : s_longest;
        var doubled = interval * Math.Pow(2, Math.Clamp(failures - 2, 0, 20));
        return (doubled < longest ? doubled : longest) * (1 + (JitterShare * chance));
    }
}
