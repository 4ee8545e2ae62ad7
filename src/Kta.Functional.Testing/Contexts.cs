using static System.FormattableString;

namespace Kta.Functional.Testing;

/// <summary>Contexts for tests of steps, in one line each: see <see cref="Contexts{TMonitor, TAnalyze}"/>.</summary>
public static class Contexts
{
    /// <summary>Contexts for the steps of an algorithm, with its types, codecs and <see cref="Algorithm.UnreadableHistory"/>.</summary>
    /// <typeparam name="TMonitor">What the monitor step answers.</typeparam>
    /// <typeparam name="TAnalyze">What the analyze step answers.</typeparam>
    /// <param name="algorithm">The algorithm. For functions alone, <c>Algorithm.For&lt;Load, Demand&gt;()</c> says the types.</param>
    /// <returns>Contexts of the first iteration: no history, one node <c>Deployment/app</c>, 2025-01-01 00:00 UTC, the id
    /// <c>00000000-0000-4000-8000-000000000001</c>.</returns>
    /// <exception cref="ArgumentException">A result type cannot be a JSON object.</exception>
    /// <example><code>var ctx = Contexts.For(careful).Plan(new Load(12_000), new Demand(3));</code></example>
    public static Contexts<TMonitor, TAnalyze> For<TMonitor, TAnalyze>(Algorithm<TMonitor, TAnalyze> algorithm)
        where TMonitor : class
        where TAnalyze : class
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        algorithm.CheckCodecs();
        return new(algorithm);
    }

    /// <summary>What the operator makes of a plan is about the nodes of the plan.</summary>
    internal static Plan Clamped(Plan planned, Plan applied)
    {
        TopologyNode[] missing = [.. planned.Keys.Except(applied.Keys)];
        TopologyNode[] foreign = [.. applied.Keys.Except(planned.Keys)];
        return missing.Length + foreign.Length == 0 ? applied : throw new ArgumentException(
            "What was applied is not about the nodes of the plan."
            + (missing.Length > 0 ? $" Missing: {string.Join(", ", missing)}." : "")
            + (foreign.Length > 0 ? $" Not in the plan: {string.Join(", ", foreign)}." : "")
            + " The operator changes numbers of a plan, no nodes.",
            nameof(applied));
    }

    /// <summary>When the next iteration starts.</summary>
    internal static DateTimeOffset Later(DateTimeOffset time, TimeSpan interval) =>
        interval <= DateTimeOffset.MaxValue - time && time.Offset <= DateTimeOffset.MaxValue - time - interval ? time + interval : throw new InvalidOperationException(
            Invariant($"No iteration can start {interval.TotalSeconds:0.###} s after {time.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC: that is the end of the calendar. Begin earlier, With(startedAt: …), or with a shorter interval."));
}
