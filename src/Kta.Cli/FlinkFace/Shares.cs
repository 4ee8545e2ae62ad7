using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>How an operator's work is spread over its instances, and numbers of the whole spread like it.</summary>
internal static class Shares
{
    /// <summary>The part of each instance; they sum to 1. More instances than partitions have nothing to do.</summary>
    internal static double[] Of(StreamOperator one, int parallelism)
    {
        var working = Math.Min(parallelism, one.Partitions ?? int.MaxValue);
        var shares = new double[parallelism];
        var weights = one.InstanceWeights;
        var hottest = Math.Min(1, (1 + one.Skew) / working);
        for (var k = 0; k < working; k++)
        {
            shares[k] = weights is { Count: > 0 } ? weights[k % weights.Count]
                : k == 0 ? hottest
                : (1 - hottest) / (working - 1);
        }

        var sum = shares.Sum();
        return Array.ConvertAll(shares, share => share / sum);
    }

    /// <summary>Parts of a total. Whoever adds them up in their order gets the total again, to the last bit where there is a way.</summary>
    internal static double[] Split(double total, double[] shares)
    {
        var parts = Array.ConvertAll(shares, share => total * share);
        var last = Array.FindLastIndex(shares, share => share > 0);
        for (var tries = 0; tries < 4 && double.IsFinite(total); tries++)
        {
            var missing = total - parts.Aggregate((sum, part) => sum + part);
            if (missing == 0)
            {
                break;
            }

            parts[last] += missing;
        }

        return parts;
    }

    /// <summary>Parts of a count.</summary>
    internal static long[] SplitWhole(double total, double[] shares)
    {
        var (parts, sum, given) = (new long[shares.Length], 0.0, 0L);
        for (var k = 0; k < shares.Length; k++)
        {
            sum += shares[k];
            parts[k] = (long)Math.Floor(total * Math.Min(1, sum)) - given;
            given += parts[k];
        }

        return parts;
    }
}
