using static System.FormattableString;

namespace Kta.Functional;

/// <summary>From a computed number of instances to a parallelism that can be planned.</summary>
/// <remarks>
/// A cast says nothing about a division by zero: <c>(int)double.PositiveInfinity</c> is 2,147,483,647 replicas, and
/// <c>(int)double.NaN</c> is 0.
/// </remarks>
/// <example><code>Plan.ForEach(ctx.Topology, node => Parallelism.Of(rate / 5_000).AtLeast(1).AtMost(32))</code></example>
public static class Parallelism
{
    /// <summary>The whole number of instances that is enough: rounds up, so 2.1 is 3 and 0 stays 0.</summary>
    /// <param name="instances">How many instances are needed, with fractions.</param>
    /// <returns>A whole number; less than 1 has to be raised with <see cref="AtLeast"/> before it is planned.</returns>
    /// <exception cref="UdfResultException">The number is not finite, or beyond 32 bits. Inside of <see cref="Plan.ForEach"/> the message names the node.</exception>
    public static int Of(double instances)
    {
        var whole = Math.Ceiling(instances);
        return whole is > int.MinValue and < int.MaxValue
            ? (int)whole
            : throw new UdfResultException(
                Invariant($"A parallelism was computed as {instances}, which no number of instances can be. ") +
                (double.IsFinite(instances)
                    ? "Look for a divisor that is nearly zero."
                    : "Look for a division by zero, for example by a rate that was not measured."));
    }

    /// <summary>Raises a number to a minimum, as a rate of 0 needs it: KTA cannot scale to zero.</summary>
    /// <param name="parallelism">The number.</param>
    /// <param name="minimum">What it is at least.</param>
    public static int AtLeast(this int parallelism, int minimum) => Math.Max(parallelism, minimum);

    /// <summary>Lowers a number to a maximum.</summary>
    /// <param name="parallelism">The number.</param>
    /// <param name="maximum">What it is at most.</param>
    public static int AtMost(this int parallelism, int maximum) => Math.Min(parallelism, maximum);
}
