using System.Globalization;

namespace Kta.Functional.Monitoring;

/// <summary>Queries that are ready to be asked, for what is often measured. Sets are lists: join several, or add your own.</summary>
/// <remarks>
/// Where two queries know the same number of a node, the later counts. Rates are summed after <c>rate</c>, never before: a restart begins a new
/// series, and the rate of a sum would take it for a fall.
/// </remarks>
/// <example><code>
/// new PrometheusMonitor("http://prometheus:9090", [.. PrometheusQueries.Flink("orders"), .. PrometheusQueries.KafkaExporter("orders-group")])
/// </code></example>
public static partial class PrometheusQueries
{
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    /// <summary>A selector of a metric.</summary>
    private static string Select(string metric, params string?[] matchers) => $"{metric}{{{string.Join(",", matchers.Where(matcher => !string.IsNullOrWhiteSpace(matcher)))}}}";

    private static string Equal(string label, string value) => $"{label}={NodePlaceholder.Quoted(value)}";

    private static string OneOf(string label, IEnumerable<string> values) =>
        $"{label}=~{NodePlaceholder.Quoted(string.Join('|', values.Select(NodePlaceholder.AsRegex)))}";

    /// <summary>A time as PromQL writes it.</summary>
    /// <exception cref="ArgumentException">It is shorter than a second, or no whole number of milliseconds.</exception>
    private static string Window(TimeSpan window) =>
        window >= TimeSpan.FromSeconds(1) && window.Ticks % TimeSpan.TicksPerMillisecond == 0
            ? window.Milliseconds == 0
                ? string.Create(CultureInfo.InvariantCulture, $"[{window.TotalSeconds:0}s]")
                : string.Create(CultureInfo.InvariantCulture, $"[{window.TotalMilliseconds:0}ms]")
            : throw new ArgumentException($"A window has to be at least 1 s and of whole milliseconds, got {window}.", nameof(window));
}
