namespace Kta.Functional.Monitoring.Kafka.Offsets;

/// <summary>What was read of a source.</summary>
/// <param name="Partitions">All partitions of its topics.</param>
/// <param name="From">What they are, and when their ends were read.</param>
internal sealed record SourceOffsets(IReadOnlyCollection<PartitionOffsets> Partitions, MeasurementSource From);
