using Kta.Functional.Algorithms;
using Kta.Functional.Monitoring;
using Kta.Functional.Monitoring.Kafka;

namespace Kta.Functional.Tests.Program;

/// <summary>What the documentation shows of the Kafka monitor.</summary>
internal static class KafkaSnippets
{
    internal static string OneSource()
    {
        using var kafka = new KafkaMonitor("broker:9092", group: "orders", topics: ["orders"], node: TopologyNode.Deployment("orders"));
        var algorithm = Autoscaler.Create(kafka.MeasureAsync, KafkaLag.Rule());

        return algorithm.Name;
    }

    internal static string WithFlink()
    {
        using var flink = new FlinkMonitor("http://jobmanager:8081", "orders");
        using var arrivals = new KafkaMonitor("broker:9092", group: null, topics: ["orders"], node: TopologyNode.Flink("bc764cd8ddf7a0cff126f51c16239658"));
        var both = Autoscaler.Create(Monitors.Merge(flink, arrivals).MeasureAsync, BreakEven.Rule());

        return both.Name;
    }

    internal static KafkaMonitorOptions SeveralSources()
    {
        var (orders, mails) = (TopologyNode.Deployment("orders"), TopologyNode.Deployment("mails"));

        var options = new KafkaMonitorOptions("broker-1:9092,broker-2:9092", [new(orders, "orders", ["orders", "refunds"]), new(mails, "mails", ["mails"])])
        {
            Uncommitted = UncommittedPartitions.FromBeginning,
            ClientSettings = new Dictionary<string, string>
            {
                ["security.protocol"] = "SASL_SSL",
                ["sasl.mechanism"] = "SCRAM-SHA-512",
                ["sasl.username"] = "kta",
            },
            PasswordFile = "/var/run/secrets/kafka/password",
            OnNote = Console.Error.WriteLine,
        };

        return options;
    }
}
