using System.Net;
using System.Net.Sockets;
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
        await cluster.ProduceAsync("orders", 20);
        var later = new MonitoringContext(s_topology, s_start.AddSeconds(10), new(s_start, before));
        var after = await monitor.ReadAsync(later);
        Tell("second", cluster.Brokers, WithoutArrivals(after).ToString());
        Tell("arrived", cluster.Brokers, string.Join("; ", s_topology.Select(node => $"{node}: {ArrivedAt(node, before, after)}")));
        using var eager = new KafkaMonitor(options with { Uncommitted = UncommittedPartitions.FromBeginning });
        await TellAsync("from the beginning", cluster.Brokers, () => eager.ReadAsync(new MonitoringContext(s_topology, s_start)));
        await TellAsync("no topic", cluster.Brokers, () => OfOrders(cluster, "orders", "odrers"));
        await TellAsync("no topic again", cluster.Brokers, () => OfOrders(cluster, "orders", "odrers"));
        await TellAsync("no group", cluster.Brokers, () => OfOrders(cluster, "odrers", "orders"));
        Tell("unknown setting", cluster.Brokers, RefusalOf(cluster, new() { ["sasl.pasword"] = "hunter2" }));
        Tell("wrong setting", cluster.Brokers, RefusalOf(cluster, new() { ["sasl.password"] = "hunter2", ["security.protocol"] = "hunter2" }));
        await TellAsync("no Kafka", cluster.Brokers, AtAnotherPort);
        cluster.Abandon("orders", 1);
        await TellAsync("no leader", cluster.Brokers, () => monitor.ReadAsync(later));
    }

    private static Measurements WithoutArrivals(Measurements measured) =>
        Measurements.Of(measured.Nodes.Select(one => KeyValuePair.Create(one.Key, one.Value with { ArrivalRate = null })));

    /// <summary>The records that arrived, of their rate and the time between two readings.</summary>
    private static double ArrivedAt(TopologyNode node, Measurements before, Measurements after)
    {
        var time = after[node].EndOffset.Source!.At - before[node].EndOffset.Source!.At;
        return Math.Round(after[node].ArrivalRate.Value!.Value * time!.Value.TotalSeconds, 3);
    }

    /// <summary>Asks a port that speaks HTTP.</summary>
    private static async Task<Measurements> AtAnotherPort()
    {
        using var port = new TcpListener(IPAddress.Loopback, 0);
        port.Start();
        var answering = AnswerAsync(port);
        try
        {
            using var monitor = new KafkaMonitor($"127.0.0.1:{((IPEndPoint)port.LocalEndpoint).Port}", "orders", ["orders"], s_orders);
            return await monitor.ReadAsync(new MonitoringContext(s_topology, s_start));
        }
        finally
        {
            port.Stop();
            await answering;
        }
    }

    private static async Task AnswerAsync(TcpListener port)
    {
        try
        {
            while (true)
            {
                using var connection = await port.AcceptTcpClientAsync();
                await connection.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
            }
        }
        catch (Exception error) when (error is SocketException or IOException or ObjectDisposedException)
        {
            // Stopped.
        }
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
