namespace Kta.Functional.Simulation;

/// <summary>One operator of a simulated application: what its instances can do, and what it makes of a record.</summary>
/// <remarks>Immutable. Values out of range are told by <see cref="Application.Problems"/>, all at once.</remarks>
/// <example><code>new StreamOperator("map", ratePerInstance: 12_000) { Exponent = 0.95, Selectivity = 2 }</code></example>
public sealed record StreamOperator
{
    /// <summary>An operator that is a vertex of a Flink job.</summary>
    /// <param name="id">The id of the vertex.</param>
    /// <param name="ratePerInstance">Records per second one instance alone can take in, more than 0.</param>
    /// <exception cref="ArgumentException">The id is empty or holds a character the operator's notation cannot carry.</exception>
    public StreamOperator(string id, double ratePerInstance)
        : this(TopologyNode.Flink(id), ratePerInstance)
    {
    }

    /// <summary>An operator that is any node of a topology, a Deployment for example.</summary>
    /// <param name="node">The node that plans give a parallelism to.</param>
    /// <param name="ratePerInstance">Records per second one instance alone can take in, more than 0.</param>
    public StreamOperator(TopologyNode node, double ratePerInstance)
    {
        ArgumentNullException.ThrowIfNull(node);
        Node = node;
        RatePerInstance = ratePerInstance;
    }

    /// <summary>The node that plans give a parallelism to.</summary>
    public TopologyNode Node { get; }

    /// <summary>Records per second one instance alone can take in, more than 0.</summary>
    public double RatePerInstance { get; init; }

    /// <summary>p instances can take in <see cref="RatePerInstance"/> · p^exponent. More than 0, at most 2, default 1; 0.9 to 0.97 is realistic.</summary>
    public double Exponent { get; init; } = 1;

    /// <summary>Records given out for one taken in, at least 0, default 1. Every operator downstream gets all of them.</summary>
    public double Selectivity { get; init; } = 1;

    /// <summary>The number of key groups, at least 1: there are never more instances, whatever a plan says. Default null: any number.</summary>
    public int? MaxParallelism { get; init; }

    /// <summary>The partitions a source reads, at least 1: more instances than these run, but get nothing to do. Default null: enough.</summary>
    public int? Partitions { get; init; }

    /// <summary>
    /// How much more than the mean the hottest instance gets: 0.5 for half as much again. At least 0, default 0: all get the same. The
    /// operator is as fast as its hottest instance lets it be, while the measured <see cref="NodeMeasurements.Busy"/> is the mean.
    /// </summary>
    public double Skew { get; init; }

    /// <summary>
    /// The weights of the instances, in place of <see cref="Skew"/>: instance k gets the k-th weight's part of the records; after the last
    /// weight it begins again with the first. More than 0 each; default null.
    /// </summary>
    public IReadOnlyList<double>? InstanceWeights { get; init; }

    /// <summary>Records per second that so many instances can take in together.</summary>
    /// <param name="parallelism">At least 1.</param>
    public double CapacityAt(int parallelism)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parallelism, 1);
        return RateOfOneAmong(parallelism) / LargestShare(parallelism);
    }

    /// <summary>What they could take in if all were always busy: the number a mean of busy times lets one believe in.</summary>
    internal double NominalAt(int parallelism) => parallelism * RateOfOneAmong(parallelism);

    private int Working(int parallelism) => Math.Min(parallelism, Partitions ?? int.MaxValue);

    private double RateOfOneAmong(int parallelism)
    {
        var working = Working(parallelism);
        return Exponent == 1 ? RatePerInstance : RatePerInstance * Math.Pow(working, Exponent) / working;
    }

    private double LargestShare(int parallelism)
    {
        var working = Working(parallelism);
        if (InstanceWeights is not { Count: > 0 } weights)
        {
            return Math.Min(1, (1 + Skew) / working);
        }

        var (sum, largest) = (0.0, 0.0);
        for (var k = 0; k < working; k++)
        {
            var weight = weights[k % weights.Count];
            (sum, largest) = (sum + weight, Math.Max(largest, weight));
        }

        return largest / sum;
    }
}
