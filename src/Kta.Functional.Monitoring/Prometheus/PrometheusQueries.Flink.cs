namespace Kta.Functional.Monitoring;

/// <content>The metrics of Flink's own reporter.</content>
public static partial class PrometheusQueries
{
    private const string FlinkTask = "flink_taskmanager_job_task_";

    /// <summary>
    /// A job as Flink's Prometheus reporter shows it. Relies on the label <c>task_id</c>, which is the id of the vertex and so of the node, and on <c>job_name</c>.
    /// </summary>
    /// <param name="job">The name of the job. The reporter writes _ for what is no letter, digit, : or _ in a label, unless it is told not to: both are found.</param>
    /// <param name="matchers">Further conditions in PromQL, for example <c>namespace="shop"</c>; null: none.</param>
    /// <param name="window">
    /// Means of the samples of this time, of the series that still live; their age is not known then. Null, the best for most: the last sample, for Flink's rates and
    /// times are means of the last minute themselves.
    /// </param>
    /// <param name="busy">How the busy times of the instances become one number: DS2 wants the mean, Flink's rule the maximum.</param>
    /// <returns>
    /// <list type="table">
    /// <item><term>recordsIn</term><description><c>sum by (task_id) (…numRecordsInPerSecond)</c>, records per second. A source takes nothing from other tasks: what the operators called
    /// <c>Source…</c> take in counts, or what they give out where they do not say that.</description></item>
    /// <item><term>recordsOut</term><description><c>sum by (task_id) (…numRecordsOutPerSecond)</c>, records per second.</description></item>
    /// <item><term>busy, idle, backPressured</term><description><c>clamp_max(avg by (task_id) (…busyTimeMsPerSecond), 1000)</c> and so on, times 0.001.</description></item>
    /// <item><term>lag</term><description><c>sum by (task_id) (…operator_pendingRecords)</c>, records; sources only.</description></item>
    /// <item><term>parallelism</term><description><c>count by (task_id) (…idleTimeMsPerSecond)</c>, instances.</description></item>
    /// <item><term>bufferUsage</term><description><c>avg by (task_id) (…buffers_inPoolUsage)</c>, 0 to 1; sources have no buffers for input.</description></item>
    /// <item><term>partitions</term><description>the topics and partitions of <c>…operator_KafkaSourceReader_topic_partition_currentOffset</c>; Kafka sources only.</description></item>
    /// </list>
    /// </returns>
    /// <exception cref="ArgumentException">The job is empty, or the window is shorter than a second.</exception>
    public static IReadOnlyList<PrometheusQuery> Flink(string job, string? matchers = null, TimeSpan? window = null, FlinkAggregation busy = FlinkAggregation.Average)
    {
        ArgumentException.ThrowIfNullOrEmpty(job);
        var times = window is { } over ? Window(over) : null;
        var named = FlinkLabel(job) is var label && label == job ? Equal("job_name", job) : OneOf("job_name", [job, label]);
        return
        [
            ByTask(Quantity.RecordsIn, $"""{Sum("operator_numRecordsInPerSecond", Source)} > 0 or {Sum("operator_numRecordsOutPerSecond", Source)} or {Sum("numRecordsInPerSecond")}"""),
            ByTask(Quantity.RecordsOut, Sum("numRecordsOutPerSecond")),
            Share(Quantity.Busy, By(busy == FlinkAggregation.Maximum ? "max" : "avg", "busyTimeMsPerSecond")),
            Share(Quantity.Idle, By("avg", "idleTimeMsPerSecond")),
            Share(Quantity.BackPressured, By("avg", "backPressuredTimeMsPerSecond")),
            ByTask(Quantity.Lag, Sum("operator_pendingRecords")),
            ByTask(Quantity.Parallelism, $"count by (task_id) ({Select(FlinkTask + "idleTimeMsPerSecond", named, matchers)})"),
            ByTask(Quantity.BufferUsage, $"{By("avg", "buffers_inPoolUsage")} unless {Sum("operator_numRecordsOutPerSecond", Source)}"),
            ByTask(
                Quantity.Partitions,
                $"count by (task_id) (count by (task_id, topic, partition) ({Select(FlinkTask + "operator_KafkaSourceReader_topic_partition_currentOffset", named, matchers)}))"),
        ];

        string Sum(string metric, string? condition = null) => By("sum", metric, condition);

        string By(string aggregation, string metric, string? condition = null)
        {
            var selector = Select(FlinkTask + metric, named, matchers, condition);

            // Where an instance was moved, the old series ends within the window, and must not be counted beside the new one.
            return $"{aggregation} by (task_id) ({(times is null ? selector : $"avg_over_time({selector}{times}) and {selector}")})";
        }
    }

    private const string Source = "operator_name=~\"Source.*\"";

    private static PrometheusQuery ByTask(Quantity quantity, string expression) => new(quantity, expression) { Label = "task_id" };

    /// <summary>Of milliseconds per second. Flink rounds each of them by itself, so that one may be a little more than all.</summary>
    private static PrometheusQuery Share(Quantity quantity, string milliseconds) => ByTask(quantity, $"clamp_max({milliseconds}, 1000)") with { Factor = 0.001 };

    /// <summary>As the reporter writes it by default.</summary>
    private static string FlinkLabel(string text) =>
        string.Concat(text.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is ':' or '_' ? letter : '_'));
}
