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
}
