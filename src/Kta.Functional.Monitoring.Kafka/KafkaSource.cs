namespace Kta.Functional.Monitoring.Kafka;

/// <summary>A source of a topology, and what it reads: topics of Kafka, as a consumer group.</summary>
/// <param name="Node">The node whose lag it is: a vertex of Flink by its id, a Deployment by its name.</param>
/// <param name="Group">
/// The consumer group that commits the offsets, <c>group.id</c> of the consumers. Null: no lag is measured, only what arrives, for a source
/// whose lag is known better elsewhere: a group of Flink commits only with checkpoints.
/// </param>
/// <param name="Topics">The names of the topics, at least one; no patterns.</param>
public sealed record KafkaSource(TopologyNode Node, string? Group, IReadOnlyList<string> Topics);
