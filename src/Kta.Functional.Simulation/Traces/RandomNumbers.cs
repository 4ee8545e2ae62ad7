namespace Kta.Functional.Simulation;

/// <summary>A sequence of random numbers that can be asked for any of them by its place: no state, the same on every machine and thread.</summary>
/// <remarks>SplitMix64 (Steele, Lea and Flood, 2014) of seed and place.</remarks>
internal readonly struct RandomNumbers(long seed)
{
    private const ulong Golden = 0x9E37_79B9_7F4A_7C15;

    private readonly ulong _start = Mixed(unchecked((ulong)seed) ^ Golden);

    /// <summary>Evenly from 0 to below 1.</summary>
    internal double Uniform(ulong place) => (Bits(place) >> 11) * (1.0 / (1L << 53));

    /// <summary>Evenly from one number to another.</summary>
    internal double Between(double from, double to, ulong place) => from + ((to - from) * Uniform(place));

    /// <summary>Normally distributed around 0 with standard deviation 1 (Box and Muller).</summary>
    internal double Normal(ulong place) =>
        Math.Sqrt(-2 * Math.Log(1 - Uniform(2 * place))) * Math.Cos(2 * Math.PI * Uniform((2 * place) + 1));

    /// <summary>The seed of another sequence that has nothing to do with this one.</summary>
    internal long Derived(ulong part) => unchecked((long)Mixed(Bits(part) + 1));

    private ulong Bits(ulong place) => Mixed(unchecked(_start + (Golden * (place + 1))));

    private static ulong Mixed(ulong bits)
    {
        unchecked
        {
            bits = (bits ^ (bits >> 30)) * 0xBF58_476D_1CE4_E5B9;
            bits = (bits ^ (bits >> 27)) * 0x94D0_49BB_1331_11EB;
            return bits ^ (bits >> 31);
        }
    }
}
