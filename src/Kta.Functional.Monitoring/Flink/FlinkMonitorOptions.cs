namespace Kta.Functional.Monitoring;

/// <summary>Which Flink job is read, and how.</summary>
/// <remarks>Immutable.</remarks>
public sealed record FlinkMonitorOptions
{
    /// <summary>The job manager's REST address.</summary>
    public required ServerOptions Server { get; init; }

    /// <summary>
    /// The job, by its name or its id (32 hexadecimal digits). A name is better: a job that is started again has a new id. Default null: the
    /// only one that runs.
    /// </summary>
    public string? Job { get; init; }

    /// <summary>
    /// How the busy times of the instances of a vertex become one number. Default <see cref="FlinkAggregation.Average"/>, which DS2 and the
    /// rates per instance ask for; the Flink operator's own rule goes by the maximum.
    /// </summary>
    public FlinkAggregation Busy { get; init; }

    /// <summary>
    /// Whether a source without the metric <c>pendingRecords</c> has no lag. Flink's Kafka source has the metric only once it has read a record;
    /// other sources never have it. Default false: the lag is not known then, and so is not what arrives.
    /// </summary>
    public bool MissingLagIsNone { get; init; }

    /// <summary>Is told what is no failure but worth knowing, a sentence each: a job that restarts, a metric that is missing. It is called by several requests at once.</summary>
    public Action<string>? OnNote { get; init; }
}

/// <summary>How the numbers of the instances of a vertex become one.</summary>
public enum FlinkAggregation
{
    /// <summary>Their mean.</summary>
    Average,

    /// <summary>The largest: that of the hottest instance.</summary>
    Maximum,
}
