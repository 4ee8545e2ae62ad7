namespace Kta.Functional.Monitoring;

/// <content>Kafka Streams by JMX, and topics and groups by kafka_exporter.</content>
public static partial class PrometheusQueries
{
    /// <summary>Counters that are not called as counters are.</summary>
    private static readonly string[] s_counters =
    [
        "kafka_topic_partition_current_offset",
        "kafka_streams_stream_thread_metrics_process",
        "kafka_streams_stream_thread_metrics_blocked_time_ns",
    ];

    /// <summary>Applications of Kafka Streams as the JMX exporter shows them by default, with names in small letters; since its version 1.0 it leaves out <c>_total</c>, and both names are asked for.</summary>
    /// <param name="label">The label that names the node. By default <c>job</c>, which Prometheus gives to every target.</param>
    /// <param name="matchers">Further conditions in PromQL, for example <c>namespace="shop"</c>; null: none.</param>
    /// <param name="window">The time of the rates, which needs two scrapes; null: a minute.</param>
    /// <returns>
    /// <list type="table">
    /// <item><term>recordsIn</term><description><c>sum by (job) (rate(kafka_streams_stream_thread_metrics_process_total[60s]))</c>, records per second of all topics, repartition topics too.
    /// The metric of the threads is recorded at the level INFO, that of the tasks only at DEBUG.</description></item>
    /// <item><term>busy</term><description>what is left of <c>avg by (job) (rate(kafka_streams_stream_thread_metrics_blocked_time_ns_total[60s]))</c>, the time the threads wait for Kafka
    /// (since Kafka 3.0), 0 to 1. While tasks restore, more than that may be shown: what is left is below 0 then, and absent.</description></item>
    /// <item><term>parallelism</term><description><c>count by (job) (kafka_streams_stream_metrics_alive_stream_threads)</c>, instances of the application.</description></item>
    /// </list>
    /// The lag is known by <see cref="KafkaExporter"/>; the group is the application's id.
    /// </returns>
    /// <exception cref="ArgumentException">The label is empty, or the window is shorter than a second.</exception>
    public static IReadOnlyList<PrometheusQuery> KafkaStreams(string label = "job", string? matchers = null, TimeSpan? window = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        var over = Window(window ?? s_minute);

        // A little below 0 is the inexactness of a rate; more is left as it is, for the thread that restores is not among those whose time is counted.
        var busy = $"1 - avg by ({label}) ({Rate("blocked_time_ns")}) / 1e9";
        return
        [
            By(Quantity.RecordsIn, $"sum by ({label}) ({Rate("process")})"),
            By(Quantity.Busy, $"clamp_min({busy} > -0.05, 0) or {busy}"),
            By(Quantity.Parallelism, $"count by ({label}) ({Select("kafka_streams_stream_metrics_alive_stream_threads", matchers)})"),
        ];

        string Rate(string counter) => $"{Of(counter + "_total")} or {Of(counter)}";

        string Of(string counter) => $"rate({Select("kafka_streams_stream_thread_metrics_" + counter, matchers)}{over})";

        PrometheusQuery By(Quantity quantity, string expression) => new(quantity, expression) { Label = label };
    }

    /// <summary>What waits in topics for a consumer group, and what arrives there, by kafka_exporter. Relies on the label <c>topic</c>.</summary>
    /// <param name="group">The consumer group.</param>
    /// <param name="topics">
    /// The topics of the sources: a pair of node and topic for each, so that a source of several topics is the sum of them. Null: each node is called as its topic
    /// is, or <see cref="PrometheusMonitorOptions.Names"/> says which.
    /// </param>
    /// <param name="matchers">Further conditions in PromQL, for example <c>namespace="shop"</c> where several exporters are scraped; null: none.</param>
    /// <param name="window">The time of the rates, which needs two scrapes; null: a minute.</param>
    /// <returns>
    /// <list type="table">
    /// <item><term>lag</term><description><c>sum by (topic) (clamp_min(kafka_consumergroup_lag{consumergroup="…"}, 0))</c>, records. The exporter shows -1 for a partition of which
    /// the group has committed nothing; such a partition counts as 0. The group of a Flink job commits with its checkpoints: prefer its <c>pendingRecords</c>.</description></item>
    /// <item><term>arrivals</term><description><c>sum by (topic) (rate(kafka_topic_partition_current_offset[60s]))</c>, records per second.</description></item>
    /// <item><term>endOffset</term><description><c>sum by (topic) (kafka_topic_partition_current_offset)</c>, records.</description></item>
    /// <item><term>partitions</term><description><c>sum by (topic) (kafka_topic_partitions)</c>.</description></item>
    /// </list>
    /// A partition without a leader has no offset. Lag, arrivals and end offset are only known while all of the partitions of <c>kafka_topic_partitions</c>, and
    /// all topics of a source, have theirs: a sum of some would be too little.
    /// </returns>
    /// <exception cref="ArgumentException">The group is empty, or the window is shorter than a second.</exception>
    public static IReadOnlyList<PrometheusQuery> KafkaExporter(
        string group, IEnumerable<KeyValuePair<TopologyNode, string>>? topics = null, string? matchers = null, TimeSpan? window = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        var over = Window(window ?? s_minute);
        return topics is null
            ? [.. Of(" by (topic) ", null, "").Select(one => new PrometheusQuery(one.Quantity, one.Expression) { Label = "topic" })]
            :
            [
                .. topics.GroupBy(pair => pair.Key, pair => pair.Value).SelectMany(source =>
                    OfSource([.. source.Distinct()]).Select(one => new PrometheusQuery(one.Quantity, one.Expression) { Node = source.Key })),
            ];

        (Quantity Quantity, string Expression)[] OfSource(string[] names)
        {
            var topic = OneOf("topic", names);
            return Of("", topic, $" and count(count by (topic) ({Select("kafka_topic_partitions", topic, matchers)})) == {names.Length}");
        }

        (Quantity Quantity, string Expression)[] Of(string by, string? topic, string allTopics)
        {
            var lags = Select("kafka_consumergroup_lag", Equal("consumergroup", group), topic, matchers);
            var ends = Select("kafka_topic_partition_current_offset", topic, matchers);
            var partitions = $"sum{by}({Select("kafka_topic_partitions", topic, matchers)})";

            // A partition that has just lost its leader still has a rate within the window.
            var rates = $"rate({ends}{over}) and {ends}";
            return
            [
                (Quantity.Lag, Whole($"clamp_min({lags}, 0)", lags)),
                (Quantity.ArrivalRate, Whole(rates, rates)),
                (Quantity.EndOffset, Whole(ends, ends)),
                (Quantity.Partitions, partitions + allTopics),
            ];

            string Whole(string values, string series) => $"sum{by}({values}) and count{by}({series}) == {partitions}{allTopics}";
        }
    }

    /// <summary>Whether Prometheus informs of a metric of the sets that it is no counter by its name.</summary>
    internal static bool IsKnown(string info) =>
        info.StartsWith("PromQL info: metric might not be a counter", StringComparison.Ordinal)
        && s_counters.Any(counter => info.Contains($"\"{counter}\"", StringComparison.Ordinal));
}
