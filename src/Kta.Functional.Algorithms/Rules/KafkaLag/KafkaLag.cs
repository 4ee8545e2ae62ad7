namespace Kta.Functional.Algorithms;

/// <summary>The Kafka scaler of KEDA: so many instances that each has no more than a share of the lag.</summary>
/// <remarks>
/// <para><b>When to use it.</b> For consumers of a topic of which nothing but the lag is known. The rule has no idea of what arrives: it
/// needs a standing lag of threshold × instances, and swings after every restart. Where rates are measured, DS2 with
/// <see cref="Ds2Options.CatchUp"/> does better.</para>
/// <para><b>What it needs.</b> Per consumer: lag and parallelism, and the partitions for the cap; its rate with
/// <see cref="KafkaLagOptions.DrainWithin"/>. A node that has never had a lag and is fed by others gets as many instances as the largest
/// of those.</para>
/// <para><b>Missing numbers.</b> A consumer whose lag is not known keeps its parallelism, and so do the nodes that follow it. Without
/// partitions there is no cap.</para>
/// <para><b>Warm-up.</b> It scales up with the first measurement, and down when the history reaches back as far as the window for
/// scaling down (300 s): the proposals of earlier iterations are computed again from their measurements.</para>
/// <para><b>Source.</b> kedacore/keda, <c>pkg/scalers/kafka_scaler.go</c>, and the pod autoscaler behind it (average value, tolerance 0.1).
/// Different here: at least one instance, and the cap at the partitions counts after rounding up, too.</para>
/// </remarks>
public static class KafkaLag
{
    /// <summary>The rule.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names all that are.</exception>
    public static ScalingRule Rule(KafkaLagOptions? options = null)
    {
        var settings = (options ?? new KafkaLagOptions()).Checked();
        return new("kafka-lag", new HistoryNeeded(1, settings.StabilizationWindow), (now, context) => new KafkaLagDecision(now, context, settings).Plan());
    }

    /// <summary>The lag of a consumer group as KEDA counts it, for a monitor that reads offsets.</summary>
    /// <param name="partitions">The partitions of the topics.</param>
    /// <param name="options">How they are counted; null for the defaults.</param>
    /// <example><code>var group = KafkaLag.GroupLag(partitions);
    /// var consumer = new NodeMeasurements { Lag = group.Lag, Partitions = group.Partitions };</code></example>
    public static KafkaGroupLag GroupLag(IEnumerable<KafkaPartition> partitions, KafkaOffsetOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        return KafkaLagModel.Sum(partitions, options ?? new KafkaOffsetOptions());
    }

    /// <summary>The partitions that a limitation such as <c>1-4,8,10-12</c> names, for a monitor that looks at those only.</summary>
    /// <param name="limitation">Numbers and ranges with commas between them; blank for all.</param>
    /// <returns>The numbers in the order they stand; null for all.</returns>
    /// <exception cref="ArgumentException">The text is none of this, or names more than a million.</exception>
    public static IReadOnlyList<int>? PartitionsOf(string? limitation) => KafkaLagModel.PartitionsOf(limitation);
}
