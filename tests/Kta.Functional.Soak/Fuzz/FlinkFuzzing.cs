using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Kta.Functional.Monitoring;

namespace Kta.Functional.Soak.Fuzz;

/// <summary>
/// A job manager that answers one question in a damaged way, and what has to be true of what a monitor makes of it: it reads or refuses, in time,
/// and every number that it gives stands in what it was answered about that vertex.
/// </summary>
internal static partial class FlinkFuzzing
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Topology Job = Topology.Of(TopologyNode.Flink(FlinkReplies.Source), TopologyNode.Flink(FlinkReplies.Map));

    /// <summary>Runs until something is wrong; null if nothing is.</summary>
    internal static async Task<string?> RunAsync(int seed, int executions)
    {
        var managers = new ConcurrentDictionary<string, FlinkReplies>();
        await using var server = await FuzzedServer.StartAsync(request =>
        {
            var parts = request.Path.Value!.Split('/', 3);
            return managers[parts[1]].To(parts[2], request.Query.ContainsKey("get"));
        });
        string? found = null;
        await Parallel.ForAsync(0, Environment.ProcessorCount, async (worker, _) =>
        {
            var name = $"w{worker}";
            using var monitor = new FlinkMonitor(new FlinkMonitorOptions { Server = new($"{server.Urls.First()}/{name}") { Retries = 0 }, Job = "orders" });
            for (var i = worker; i < executions && found is null; i += Environment.ProcessorCount)
            {
                managers[name] = new(unchecked(seed + i));
                if (await ComplaintAsync(monitor, managers[name]) is { } complaint)
                {
                    found = $"execution {i} of seed {seed}: {complaint}\n{managers[name]}";
                }
            }
        });
        return found;
    }

    private static async Task<string?> ComplaintAsync(FlinkMonitor monitor, FlinkReplies replies)
    {
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            var measured = await monitor.ReadAsync(new(Job, DateTimeOffset.UnixEpoch), patience.Token);
            return Job.Select(node => ComplaintAbout((FlinkStreamingGraphNode)node, measured[node], replies)).FirstOrDefault(complaint => complaint is not null);
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

    private static string? ComplaintAbout(FlinkStreamingGraphNode node, NodeMeasurements numbers, FlinkReplies replies)
    {
        var (values, job) = (NumbersIn(replies.Values(node.Id)), NumbersIn(replies.Details));
        foreach (var quantity in Enum.GetValues<Quantity>())
        {
            if (numbers[quantity].LastValue is not { } number || quantity is Quantity.Partitions)
            {
                continue;
            }

            var stands = quantity switch
            {
                Quantity.Parallelism or Quantity.MaxParallelism => job.Contains(number),
                Quantity.Busy or Quantity.Idle or Quantity.BackPressured => values.Any(value => value / 1000 == number || (number == 1 && value is > 1000 and <= 1010)),
                Quantity.RecordsIn or Quantity.Lag => IsSumOf(values, number, 3),
                _ => values.Contains(number),
            };
            if (!stands)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{node} has {quantity} {number}, which nobody said");
            }
        }

        return null;
    }

    /// <summary>Sources that are chained in a vertex count together, also those that damage has made of one.</summary>
    private static bool IsSumOf(HashSet<double> values, double number, int most) =>
        values.Any(value => Math.Abs(value - number) <= 1e-9 * Math.Abs(number)) || (most > 1 && values.Any(value => value > 0 && value < number && IsSumOf(values, number - value, most - 1)));

    private static HashSet<double> NumbersIn(byte[] reply) =>
        [.. Number().Matches(Encoding.UTF8.GetString(reply)).Select(match => double.Parse(match.Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")]
    private static partial Regex Number();
}
