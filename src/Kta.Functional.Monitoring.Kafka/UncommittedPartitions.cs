namespace Kta.Functional.Monitoring.Kafka;

/// <summary>What a partition counts that has records, and of which the group has committed nothing yet.</summary>
/// <remarks>
/// A partition without records counts nothing, whatever is chosen here. One of which more is committed than there is counts as one of which
/// nothing is: its topic was made anew, or has lost records.
/// </remarks>
public enum UncommittedPartitions
{
    /// <summary>It is not known, and then the lag of the whole source is absent: neither a smaller number nor a guess.</summary>
    Unknown,

    /// <summary>All its records: the consumers begin with the oldest (<c>auto.offset.reset=earliest</c>).</summary>
    FromBeginning,

    /// <summary>Nothing: the consumers begin with what comes next (<c>auto.offset.reset=latest</c>).</summary>
    Nothing,
}
