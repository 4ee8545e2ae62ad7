namespace Kta.Functional.Simulation;

/// <summary>What arrives at a source: records per second as a pure function of the time since the start.</summary>
/// <remarks>
/// <para>Immutable, and never negative: a rate that would fall below 0 is 0. The same trace gives the same rates on every machine, in any
/// order, on any number of threads.</para>
/// <para>A random trace without a seed of its own takes one from the application's, a different one for each source and each part of a sum
/// or product. Asked by itself it takes 1.</para>
/// </remarks>
/// <example>
/// <code>
/// var trace = Trace.Cosine(mean: 150_000, amplitude: 100_000, period: TimeSpan.FromHours(1)).WithNoise(0.05);
/// double rate = trace.RateAt(TimeSpan.FromMinutes(10));
/// </code>
/// </example>
public abstract partial class Trace
{
    /// <summary>The seed of a trace nobody gave one.</summary>
    internal const long DefaultSeed = 1;

    private protected Trace()
    {
    }

    /// <summary>How long it is; null: it goes on for ever. Behind its end it keeps its last rate.</summary>
    public virtual TimeSpan? Length => null;

    /// <summary>Records per second at a moment, at least 0.</summary>
    /// <param name="time">Since the start, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public double RateAt(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        return At(time.TotalSeconds);
    }

    /// <summary>For headings: <c>cosine 50k…250k/s</c>.</summary>
    public sealed override string ToString() => Describe();

    /// <summary>The same with a seed for everything random in it that has none.</summary>
    internal virtual Trace Seeded(long seed) => this;

    internal abstract double At(double second);

    /// <summary>The rates of seconds that follow each other.</summary>
    internal virtual void Fill(long second, Span<double> rates)
    {
        for (var t = 0; t < rates.Length; t++)
        {
            rates[t] = At(second + t);
        }
    }

    private protected abstract string Describe();
}
