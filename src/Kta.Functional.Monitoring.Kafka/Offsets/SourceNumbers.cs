namespace Kta.Functional.Monitoring.Kafka.Offsets;

/// <summary>The numbers of a source, of the offsets of its partitions: each is known of all of them, or absent.</summary>
internal static class SourceNumbers
{
    private const int Named = 3;

    /// <param name="partitions">All partitions of the topics.</param>
    /// <param name="source">Whose they are.</param>
    /// <param name="choice">What an uncommitted one counts.</param>
    internal static NodeMeasurements Of(IReadOnlyCollection<PartitionOffsets> partitions, KafkaSource source, UncommittedPartitions choice) => new()
    {
        Lag = source.Group is null ? null : Sum(partitions.Select(partition => partition.Lag(choice))),
        EndOffset = Sum(partitions.Select(partition => partition.Next)),
        Partitions = partitions.Count,
    };

    /// <summary>Why a number is absent, or not what one may think.</summary>
    internal static IEnumerable<string> Notes(IReadOnlyCollection<PartitionOffsets> partitions, KafkaSource source, UncommittedPartitions choice)
    {
        foreach (var same in partitions.Where(partition => partition.Problem is not null).GroupBy(partition => partition.Problem))
        {
            yield return $"{(source.Group is null ? "what arrives at" : "the lag of")} {source.Node} is not known: {Names(same)} could not be read: {same.Key}";
        }

        if (source.Group is null)
        {
            yield break;
        }

        PartitionOffsets[] uncommitted = [.. partitions.Where(partition => partition is { IsUncommitted: true, IsAhead: false })];
        if (choice == UncommittedPartitions.Unknown && uncommitted.Length > 0)
        {
            yield return $"the lag of {source.Node} is not known: group {source.Group} has committed nothing of {Names(uncommitted)}. Set Uncommitted if you know where it begins.";
        }

        PartitionOffsets[] ahead = [.. partitions.Where(partition => partition.IsAhead)];
        if (ahead.Length > 0)
        {
            var isUnknown = choice == UncommittedPartitions.Unknown && Array.Exists(ahead, partition => partition.IsUncommitted);
            var (so, then) = isUnknown
                ? ($"the lag of {source.Node} and what arrives at it are not known: ", "Set Uncommitted if you know where it begins.")
                : ($"what arrives at {source.Node} is not known: ", "That counts as if nothing was committed.");
            yield return $"{so}group {source.Group} has committed more of {Names(ahead)} than there is: the topic was made anew or has lost records. {then}";
        }
    }

    private static double? Sum(IEnumerable<long?> numbers)
    {
        var sum = (Int128)0;
        foreach (var number in numbers)
        {
            if (number is not { } known)
            {
                return null;
            }

            sum += known;
        }

        return (double)sum;
    }

    private static string Names(IEnumerable<PartitionOffsets> partitions)
    {
        string[] names = [.. partitions.Select(partition => partition.Name)];
        var named = string.Join(", ", names.Take(Named));
        return names.Length <= Named ? named : $"{named} and {names.Length - Named} more";
    }
}
