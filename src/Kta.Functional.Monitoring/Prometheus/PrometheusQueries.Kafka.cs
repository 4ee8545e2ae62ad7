namespace Kta.Functional.Monitoring;

/// <content>Kafka Streams by JMX, and topics and groups by kafka_exporter.</content>
public static partial class PrometheusQueries
{
    /// <summary>Applications of Kafka Streams as the JMX exporter shows them by default, with names in small letters.</summary>
    /// <param name="label">The label that names the node. By default <c>job</c>, which Prometheus gives to every target.</param>
    /// <param name="matchers">Further conditions in PromQL, for example <c>namespace="shop"</c>; null: none.</param>
    /// <param name="window">The time of the rates, which needs two scrapes; null: a minute.</param>
    /// <returns>
    /// <list type="table">
    /// <item><term>recordsIn</term><description><c>sum by (job) (rate(kafka_streams_stream_thread_metrics_process_total[60s]))</c>, records per second of all topics, repartition topics too.
    /// The metric of the threads is recorded at the level INFO, that of the tasks only at DEBUG.</description></item>
    /// <item><term>busy</term><description>what is left of <c>avg by (job) (rate(kafka_streams_stream_thread_metrics_blocked_time_ns_total[60s]))</c>, the time the threads wait for Kafka
    /// (since Kafka 3.0), 0 to 1.</description></item>
    /// <item><term>parallelism</term><description><c>count by (job) (kafka_streams_stream_metrics_alive_stream_threads)</c>, instances of the application.</description></item>
    /// </list>
    /// The lag is known by <see cref="KafkaExporter"/>; the group is the application's id.
    /// </returns>
    /// <exception cref="ArgumentException">The label is empty, or the window is shorter than a second.</exception>
    public static IReadOnlyList<PrometheusQuery> KafkaStreams(string label = "job", string? matchers = null, TimeSpan? window = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(label);
        var over = Window(window ?? s_minute);
        return
        [
            By(Quantity.RecordsIn, $"sum by ({label}) (rate({Select("kafka_streams_stream_thread_metrics_process_total", matchers)}{over}))"),
            By(Quantity.Busy, $"clamp_min(1 - avg by ({label}) (rate({Select("kafka_streams_stream_thread_metrics_blocked_time_ns_total", matchers)}{over})) / 1e9, 0)"),
            By(Quantity.Parallelism, $"count by ({label}) ({Select("kafka_streams_stream_metrics_alive_stream_threads", matchers)})"),
        ];

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
    /// </returns>
    /// <exception cref="ArgumentException">The group is empty, or the window is shorter than a second.</exception>
    public static IReadOnlyList<PrometheusQuery> KafkaExporter(
        string group, IEnumerable<KeyValuePair<TopologyNode, string>>? topics = null, string? matchers = null, TimeSpan? window = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        var over = Window(window ?? s_minute);
        return topics is null
            ? [.. Of("sum by (topic) ", null).Select(one => new PrometheusQuery(one.Quantity, one.Expression) { Label = "topic" })]
            :
            [
                .. topics.GroupBy(pair => pair.Key, pair => pair.Value).SelectMany(source =>
                    Of("sum", OneOf("topic", source)).Select(one => new PrometheusQuery(one.Quantity, one.Expression) { Node = source.Key })),
            ];

        (Quantity Quantity, string Expression)[] Of(string sum, string? topic) =>
        [
            (Quantity.Lag, $"{sum}(clamp_min({Select("kafka_consumergroup_lag", Equal("consumergroup", group), topic, matchers)}, 0))"),
            (Quantity.ArrivalRate, $"{sum}(rate({Select("kafka_topic_partition_current_offset", topic, matchers)}{over}))"),
            (Quantity.EndOffset, $"{sum}({Select("kafka_topic_partition_current_offset", topic, matchers)})"),
            (Quantity.Partitions, $"{sum}({Select("kafka_topic_partitions", topic, matchers)})"),
        ];
    }
}
