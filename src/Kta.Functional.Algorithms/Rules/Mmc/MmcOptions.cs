namespace Kta.Functional.Algorithms;

/// <summary>The settings of <see cref="Mmc"/>.</summary>
public sealed record MmcOptions
{
    /// <summary>No node is busier than this. More than 0, at most 0.999, default 0.8.</summary>
    public double MaxUtilization { get; init; } = 0.8;

    /// <summary>How long a record may wait in front of a node, on average or at <see cref="Quantile"/>. More than 0, default 100 ms.
    /// Not used beside <see cref="TargetLatency"/> or <see cref="MaxInstances"/>, which look at all nodes together.</summary>
    public TimeSpan TargetWait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The share of the records for which the target of the wait holds, more than 0 and less than 1: 0.95. Default null: the mean.</summary>
    public double? Quantile { get; init; }

    /// <summary>The mean time that a record and what it becomes spend in all nodes together. More than 0, default null: each node by itself.</summary>
    public TimeSpan? TargetLatency { get; init; }

    /// <summary>Instances of all nodes together: added where they save most time, until this or <see cref="TargetLatency"/> is reached.
    /// At least 1, default null.</summary>
    public int? MaxInstances { get; init; }

    /// <summary>The squared coefficient of variation of the times between arrivals: 0 regular, 1 Poisson, more for bursts. 0 to 1000, default 1.</summary>
    public double ArrivalVariability { get; init; } = 1;

    /// <summary>The same of the time a record takes: 0 for records that are alike, 1 for exponential times. 0 to 1000, default 1.</summary>
    public double ServiceVariability { get; init; } = 1;

    /// <summary>
    /// Nodes whose records belong to an instance by their key, by name (<c>Deployment/orders</c>, or the id of a Flink vertex), or <c>*</c>
    /// for all: each instance has a queue of its own there, which is much worse than one queue for all. Default none.
    /// </summary>
    public IReadOnlyList<string> Keyed { get; init; } = [];

    /// <summary>The least number of instances of a node. At least 1, default 1.</summary>
    public int MinParallelism { get; init; } = 1;

    /// <summary>The largest number of instances of a node; one that has more and needs them keeps them. The least to 32,768, default 64.</summary>
    public int MaxParallelism { get; init; } = 64;

    /// <summary>Whether instances are given out over all nodes.</summary>
    internal bool IsForTheNetwork => TargetLatency is not null || MaxInstances is not null;

    /// <summary>The factor of Allen and Cunneen for arrivals and times that are not exponential.</summary>
    internal double Variability => (ArrivalVariability + ServiceVariability) / 2;

    internal MmcOptions Checked()
    {
        new OptionChecks("M/M/c")
            .Check(MaxUtilization is > 0 and <= 0.999, "maxUtilization", MaxUtilization, "more than 0, at most 0.999")
            .Positive(TargetWait, "targetWait")
            .Check(Quantile is null or (> 0 and < 1), "quantile", Quantile, "more than 0 and less than 1, or absent for the mean")
            .Check(TargetLatency is null || TargetLatency > TimeSpan.Zero, "targetLatency", TargetLatency, "more than 0, or absent for none")
            .Check(MaxInstances is null or >= 1, "maxInstances", MaxInstances, "at least 1, or absent for none")
            .InRange(ArrivalVariability, 0, 1000, "arrivalVariability")
            .InRange(ServiceVariability, 0, 1000, "serviceVariability")
            .Check(Keyed is not null && Keyed.All(name => !string.IsNullOrWhiteSpace(name)), "keyed", Keyed is null ? null : string.Join(',', Keyed), "names of nodes")
            .Check(MinParallelism >= 1, "minParallelism", MinParallelism, "at least 1")
            .Check(MaxParallelism >= MinParallelism && MaxParallelism <= 32_768, "maxParallelism", MaxParallelism, "from minParallelism to 32768")
            .Throw();
        return this;
    }
}
