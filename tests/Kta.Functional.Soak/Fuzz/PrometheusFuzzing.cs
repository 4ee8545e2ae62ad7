using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kta.Functional.Monitoring;

namespace Kta.Functional.Soak.Fuzz;

/// <summary>
/// Damaged answers of Prometheus over HTTP, and what has to be true of what a monitor makes of them: it reads or refuses, in time, and every number that it
/// gives stands in the answer as the value of that node's series.
/// </summary>
internal static partial class PrometheusFuzzing
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TopologyNode[] Nodes = [.. Enumerable.Range(0, 4).Select(node => TopologyNode.Deployment(PrometheusReplies.NameOf(node)))];

    /// <summary>Runs until something is wrong; null if nothing is.</summary>
    internal static async Task<string?> RunAsync(int seed, int executions)
    {
        var answers = new ConcurrentDictionary<string, byte[]>();
        await using var server = await FuzzedServer.StartAsync(request => answers[request.Query["query"].ToString()]);
        string? found = null;
        await Parallel.ForAsync(0, Environment.ProcessorCount, async (worker, _) =>
        {
            var reader = new Reader(server.Urls.First(), worker, answers);
            using var all = reader.All;
            using var one = reader.One;
            using var range = reader.Range;
            using var aged = reader.Aged;
            for (var i = worker; i < executions && found is null; i += Environment.ProcessorCount)
            {
                var answer = PrometheusReplies.Make(unchecked(seed + i));
                var (monitor, isForAll) = (i % 4) switch { 0 => (all, true), 1 => (range, true), 2 => (aged, false), _ => (one, false) };
                if (await reader.ComplaintAsync(monitor, isForAll, answer, PrometheusReplies.Make(~(seed + i))) is { } complaint)
                {
                    found = $"execution {i} of seed {seed}: {complaint}\n{Encoding.UTF8.GetString(answer)}";
                }
            }
        });
        return found;
    }

    /// <summary>What the values of a node's series are, by a reading that knows nothing of the monitor's; null if the answer is no JSON.</summary>
    private static List<double>? ValuesOf(byte[] answer, string? name)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var (kind, result) = document.RootElement.GetProperty("data") is var data ? (data.GetProperty("resultType").GetString(), data.GetProperty("result")) : default;
            var series = kind == "scalar" ? [result] : result.EnumerateArray()
                .Where(one => name is null || one.GetProperty("metric").TryGetProperty(PrometheusReplies.Label, out var label) && label.GetString() == name)
                .SelectMany(IEnumerable<JsonElement> (one) => kind == "vector" ? [one.GetProperty("value")] : one.GetProperty("values").EnumerateArray());
            return [.. series.Select(sample => sample[1].GetString()!).Where(text => Finite().IsMatch(text)).Select(text => double.Parse(text, CultureInfo.InvariantCulture))];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^[+-]?[0-9.]+([eE][+-]?[0-9]+)?\z")]
    private static partial Regex Finite();

    /// <summary>The monitors of one worker, whose requests the server knows by their expressions.</summary>
    private sealed class Reader(string address, int worker, ConcurrentDictionary<string, byte[]> answers)
    {
        private readonly string _selector = $"worker_{worker}";
        private readonly string _expression = $"worker_{worker} + 0";

        internal PrometheusMonitor All => Of(new PrometheusQuery(Quantity.Lag, _expression) { Label = PrometheusReplies.Label });

        internal PrometheusMonitor One => Of(new PrometheusQuery(Quantity.Lag, _expression) { Node = Nodes[0] });

        internal PrometheusMonitor Range => Of(
            new PrometheusQuery(Quantity.Lag, _expression) { Label = PrometheusReplies.Label, Range = new(Patience, TimeSpan.FromSeconds(1)) });

        /// <summary>Asks for the times of its samples, too.</summary>
        internal PrometheusMonitor Aged => Of(new PrometheusQuery(Quantity.Lag, _selector) { Node = Nodes[0] });

        internal async Task<string?> ComplaintAsync(PrometheusMonitor monitor, bool isForAll, byte[] answer, byte[] times)
        {
            answers[_expression] = answers[_selector] = answer;
            answers[$"timestamp({_selector})"] = times;
            try
            {
                using var patience = new CancellationTokenSource(Patience);
                var measured = await monitor.ReadAsync(new(Topology.Of(Nodes), DateTimeOffset.UnixEpoch), patience.Token);
                return Nodes.Select(node => ComplaintAbout(node, measured[node].Lag, isForAll, answer)).FirstOrDefault(complaint => complaint is not null);
            }
            catch (MonitoringException refused)
            {
                return refused.Message.Length > 0 && refused.Remedy.Length > 0 ? null : "refused without a word";
            }
            catch (Exception error)
            {
                return $"threw {error}";
            }
        }

        private static string? ComplaintAbout(TopologyNode node, Reading lag, bool isForAll, byte[] answer)
        {
            if (lag.LastValue is not { } number)
            {
                return null;
            }

            var values = ValuesOf(answer, isForAll ? ((ScaleTargetRef)node).Name : null);
            return values is { Count: > 0 } && Math.Abs(number - values.Average()) <= Math.Abs(number) * 1e-9
                ? null
                : $"{node} has {number}, but the answer {(values is null ? "is none" : string.Join(", ", values))}";
        }

        private PrometheusMonitor Of(PrometheusQuery query) => new(new PrometheusMonitorOptions(new(address) { Retries = 0 }, query));
    }
}
