using Kta.Functional.Monitoring;
using Kta.Functional.Monitoring.Kafka;

namespace Kta.Functional.Tests.Program;

/// <summary>Reads a cluster by the monitor, and prints a line for each thing that was read.</summary>
internal static class KafkaRun
{
    private static readonly TopologyNode s_orders = TopologyNode.Deployment("orders");
    private static readonly TopologyNode s_mails = TopologyNode.Deployment("mails");
    private static readonly Topology s_topology = Topology.Of(s_orders, s_mails);
    private static readonly DateTimeOffset s_start = DateTimeOffset.UnixEpoch;

    internal static async Task RunAsync()
    {
        Console.WriteLine($"snippets: {KafkaSnippets.OneSource()}, {KafkaSnippets.WithFlink()}, {KafkaSnippets.SeveralSources()}");
        string brokers;
        TopologyMonitor abandoned;
        using (var cluster = new MockCluster())
        {
            brokers = cluster.Brokers;
            await cluster.ProduceAsync("orders", 10);
            await cluster.ProduceAsync("refunds", 4);
            cluster.Commit("orders", "orders", (0, 1), (1, 2), (2, 2), (3, 0));
            cluster.Commit("mails", "refunds", (0, 1), (1, 1));
            abandoned = new KafkaMonitor(brokers, "orders", ["orders"], s_orders);
            await ReadAsync(cluster);
        }

        // Whoever may not wait goes, whatever the client does.
        using var ending = new CancellationTokenSource();
        var waiting = abandoned.ReadAsync(new MonitoringContext(s_topology, s_start), ending.Token);
        await ending.CancelAsync();
        await TellAsync("no time", brokers, () => waiting);
        await TellAsync("no broker", brokers, () => abandoned.ReadAsync(new MonitoringContext(s_topology, s_start)));
        abandoned.Dispose();
        abandoned.Dispose();
        await TellAsync("disposed", brokers, () => abandoned.ReadAsync(new MonitoringContext(s_topology, s_start)));
        Console.WriteLine("end");
    }

    private static async Task ReadAsync(MockCluster cluster)
    {
        var options = new KafkaMonitorOptions(cluster.Brokers, [new(s_orders, "orders", ["orders"]), new(s_mails, "mails", ["refunds", "orders"])])
        {
            OnNote = note => Tell("note", cluster.Brokers, note),
        };
        using var monitor = new KafkaMonitor(options);
        var before = await monitor.ReadAsync(new MonitoringContext(s_topology, s_start));
        Tell("first", cluster.Brokers, before.ToString());
        Tell("source", cluster.Brokers, before[s_orders].Lag.Source!.ToString());
        await cluster.ProduceAsync("orders", 20);
        var later = new MonitoringContext(s_topology, s_start.AddSeconds(10), new(s_start, before));
        await TellAsync("second", cluster.Brokers, () => monitor.ReadAsync(later));
        using var eager = new KafkaMonitor(options with { Uncommitted = UncommittedPartitions.FromBeginning });
        await TellAsync("from the beginning", cluster.Brokers, () => eager.ReadAsync(later));
        await TellAsync("no topic", cluster.Brokers, () => OfOrders(cluster, "orders", "odrers"));
        await TellAsync("no topic again", cluster.Brokers, () => OfOrders(cluster, "orders", "odrers"));
        await TellAsync("no group", cluster.Brokers, () => OfOrders(cluster, "odrers", "orders"));
        Tell("unknown setting", cluster.Brokers, RefusalOf(cluster, new() { ["sasl.pasword"] = "hunter2" }));
        Tell("wrong setting", cluster.Brokers, RefusalOf(cluster, new() { ["sasl.password"] = "hunter2", ["security.protocol"] = "hunter2" }));
        cluster.Abandon("orders", 1);
        await TellAsync("no leader", cluster.Brokers, () => monitor.ReadAsync(later));
    }

    private static string RefusalOf(MockCluster cluster, Dictionary<string, string> settings)
    {
        try
        {
            using var monitor = new KafkaMonitor(new KafkaMonitorOptions(cluster.Brokers, [new(s_orders, "orders", ["orders"])]) { ClientSettings = settings });
            return "none";
        }
        catch (ArgumentException error)
        {
            return $"{nameof(ArgumentException)}: {error.Message}";
        }
    }

    private static async Task<Measurements> OfOrders(MockCluster cluster, string group, string topic)
    {
        using var monitor = new KafkaMonitor(cluster.Brokers, group, [topic], s_orders);
        return await monitor.ReadAsync(new MonitoringContext(s_topology, s_start));
    }

    private static async Task TellAsync(string what, string brokers, Func<Task<Measurements>> read)
    {
        try
        {
            Tell(what, brokers, (await read()).ToString());
        }
        catch (Exception error) when (error is MonitoringException or OperationCanceledException or ObjectDisposedException)
        {
            Tell(what, brokers, $"{error.GetType().Name}: {error.Message}");
        }
    }

    private static void Tell(string what, string brokers, string text)
    {
        var shown = text.Replace(brokers, "BROKERS", StringComparison.Ordinal).ReplaceLineEndings(" ");
        Console.WriteLine($"{what}: {brokers.Split(',').Aggregate(shown, (said, broker) => said.Replace(broker, "BROKER", StringComparison.Ordinal))}");
    }
}
