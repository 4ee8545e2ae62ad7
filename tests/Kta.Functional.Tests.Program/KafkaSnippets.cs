using Kta.Functional.Algorithms;
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
