using System.Security.Cryptography;
using System.Text;
using Kta.Functional.Monitoring.Kafka.Cluster;

namespace Kta.Functional.Monitoring.Kafka.Offsets;

/// <summary>Names what a source reads, so that numbers of something else, in an earlier iteration, have another name.</summary>
internal static class SourceIdentity
{
    private const string Kind = "kafka/";
    private const int Digits = 12;

    /// <param name="brokers">The cluster.</param>
    /// <param name="source">The group and its topics.</param>
    /// <param name="topics">The topics as the cluster has them.</param>
    /// <returns><c>kafka/</c> and twelve hexadecimal digits.</returns>
    internal static string Of(string brokers, KafkaSource source, IEnumerable<TopicReply> topics)
    {
        var read = source.Topics.Zip(topics, static (name, topic) => $"{name} {topic.Partitions.Count}").Order(StringComparer.Ordinal);
        string[] whole = [brokers, .. read, source.Group ?? ""];
        return Kind + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', whole))))[..Digits];
    }

    /// <summary>Whether it names what a monitor of Kafka reads.</summary>
    internal static bool IsOne(string name) => name.StartsWith(Kind, StringComparison.Ordinal);
}
