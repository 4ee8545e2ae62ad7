using System.Globalization;

namespace Kta.Functional.Algorithms;

/// <summary>The lag of a partition, and what is remembered of it.</summary>
/// <param name="Lag">For scaling; negative of a consumer ahead of the reported end.</param>
/// <param name="ForActivation">For activation.</param>
/// <param name="Remembered">The offset to compare the next one with; null for none.</param>
internal readonly record struct KafkaPartitionLag(long Lag, long ForActivation, long? Remembered);

/// <summary>How many instances share the lag.</summary>
/// <param name="Threshold">The lag of one instance.</param>
/// <param name="AllowIdle">More instances than partitions.</param>
/// <param name="Even">Only divisors of the partitions.</param>
/// <param name="OnlyWithLag">Only partitions with lag count.</param>
internal readonly record struct KafkaSharing(long Threshold, bool AllowIdle, bool Even, bool OnlyWithLag = false);

/// <summary>The arithmetic of <c>kafka_scaler.go</c> and <c>scale_scaledobjects.go</c>.</summary>
internal static class KafkaLagModel
{
    /// <summary>The most partitions that are listed; no cluster has as many.</summary>
    private const int MostPartitions = 1_000_000;

    internal static KafkaPartitionLag LagOf(KafkaPartition partition, KafkaOffsetOptions options)
    {
        var remembered = options.ExcludePersistentLag ? partition.Previous : null;
        if (partition.Committed is not ({ } committed and >= 0))
        {
            var lag = options.ScaleToZeroOnInvalidOffset ? 0 : options.OffsetResetPolicy == KafkaOffsetReset.Latest ? 1 : partition.Latest ?? 0;
            return new(lag, lag, remembered);
        }

        if (partition.Latest is not { } latest)
        {
            return new(0, 0, remembered);
        }

        var waiting = latest - committed;
        return !options.ExcludePersistentLag ? new(waiting, waiting, null)
            : partition.Previous == committed ? new(0, waiting, committed)
            : new(waiting, waiting, committed);
    }

    internal static KafkaGroupLag Sum(IEnumerable<KafkaPartition> partitions, KafkaOffsetOptions options)
    {
        var (lag, forActivation, count, withLag) = ((Int128)0, (Int128)0, 0, 0);
        foreach (var partition in partitions.Where(partition => partition.Latest is not null))
        {
            var one = LagOf(partition, options);
            lag += one.Lag;
            forActivation += one.ForActivation;
            count++;
            withLag += one.Lag > 0 ? 1 : 0;
        }

        return new(Saturated(lag), Saturated(forActivation), count, withLag);
    }

    /// <summary>The lag that the pod autoscaler sees: capped, so that the instances do not exceed the partitions.</summary>
    /// <remarks>The quotient is cut, as in KEDA: 109 at 10 each passes a cap of 10, and makes 11 instances.</remarks>
    internal static long Metric(long lag, int partitions, int partitionsWithLag, KafkaSharing sharing)
    {
        var metric = sharing.Even ? NextFactor(lag, partitions, sharing.Threshold) * (Int128)sharing.Threshold : lag;
        var bound = sharing.OnlyWithLag ? partitionsWithLag : partitions;
        return Saturated((!sharing.AllowIdle || sharing.OnlyWithLag || sharing.Even) && metric / sharing.Threshold > bound ? bound * (Int128)sharing.Threshold : metric);
    }

    internal static bool IsActive(long lag, long threshold) => lag > threshold;

    internal static IReadOnlyList<long> Factors(long number)
    {
        var (small, large) = (new List<long>(), new List<long>());
        for (long i = 1; i <= number / i; i++)
        {
            if (number % i == 0)
            {
                small.Add(i);
                if (i != number / i)
                {
                    large.Insert(0, number / i);
                }
            }
        }

        return [.. small, .. large];
    }

    /// <summary>The smallest divisor of the partitions that is enough for a lag, otherwise all of them.</summary>
    internal static long NextFactor(long lag, long partitions, long threshold)
    {
        foreach (var factor in Factors(partitions))
        {
            if (factor * (Int128)threshold >= lag)
            {
                return factor;
            }
        }

        return partitions;
    }

    /// <summary>What the pod autoscaler makes of the metric, and the same within the bounds; it never goes to 0.</summary>
    internal static (int Proposal, int Replicas) Replicas(long metric, long threshold, int current, int min, int max, double tolerance)
    {
        var proposal = HpaCalculator.AverageValue(current, [metric], threshold, new(tolerance, tolerance)).Replicas;
        return (proposal, Math.Min(Math.Max(proposal, Math.Max(1, min)), max));
    }

    /// <summary>From and to what there is while nothing is to do.</summary>
    /// <param name="current">What there is.</param>
    /// <param name="active">Whether something is to do.</param>
    /// <param name="min">The least number while something is to do.</param>
    /// <param name="idle">The number while nothing is to do; null for the least number.</param>
    /// <param name="cooldown">So many seconds have to pass first.</param>
    /// <param name="sinceActive">Seconds since something was to do; null for never.</param>
    internal static int Activation(int current, bool active, int min, int? idle, double cooldown = 0, double? sinceActive = null)
    {
        if (active)
        {
            return current == 0 || (idle is not null && current < min) ? Math.Max(1, min) : current;
        }

        var leaves = idle is { } least ? current > least : current > 0 && min == 0;
        return leaves ? sinceActive <= cooldown ? current : idle ?? 0
            : idle is null && current < min ? min
            : current;
    }

    internal static OptionChecks CheckThresholds(OptionChecks checks, long lag, long activation) => checks
        .Check(lag > 0, "lagThreshold", lag, "more than 0")
        .Check(activation >= 0, "activationLagThreshold", activation, "at least 0");

    /// <summary>What KEDA refuses beside numbers that are out of range.</summary>
    internal static OptionChecks CheckSharing(OptionChecks checks, KafkaSharing sharing, bool hasTopic)
    {
        const string OnlyOne = "true for one of them only";
        return checks
            .Check(!(sharing.AllowIdle && sharing.OnlyWithLag), "allowIdleConsumers+limitToPartitionsWithLag", true, OnlyOne)
            .Check(hasTopic || !sharing.OnlyWithLag, "limitToPartitionsWithLag without topic", true, "false")
            .Check(!(sharing.Even && sharing.OnlyWithLag), "limitToPartitionsWithLag+ensureEvenDistributionOfPartitions", true, OnlyOne)
            .Check(hasTopic || !sharing.Even, "ensureEvenDistributionOfPartitions without topic", true, "false");
    }

    internal static IReadOnlyList<int>? PartitionsOf(string? limitation)
    {
        if (string.IsNullOrWhiteSpace(limitation))
        {
            return null;
        }

        var partitions = new List<int>();
        foreach (var term in limitation.Split(','))
        {
            var ends = Array.ConvertAll(
                term.Split('-'),
                text => int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var number) ? number : -1);
            if (ends.Length > 2 || ends.Contains(-1))
            {
                throw new ArgumentException($"'{limitation}' names no partitions, at '{term}': expected numbers and ranges with commas between them, such as 1-4,8,10-12.");
            }

            if ((long)ends[^1] - ends[0] >= MostPartitions || partitions.Count >= MostPartitions)
            {
                throw new ArgumentException($"'{limitation}' names too many partitions, at '{term}': at most {MostPartitions} are looked at.");
            }

            for (long i = ends[0]; i <= ends[^1]; i++)
            {
                partitions.Add((int)i);
            }
        }

        return partitions;
    }

    private static long Saturated(Int128 lag) => (long)Int128.Clamp(lag, 0, long.MaxValue);
}
