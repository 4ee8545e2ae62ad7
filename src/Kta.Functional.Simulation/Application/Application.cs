using System.Collections.ObjectModel;

namespace Kta.Functional.Simulation;

/// <summary>A streaming application, described: its operators, how they are connected, and what arrives. What an application file holds.</summary>
/// <remarks>
/// <para>Immutable; change a copy with <c>with { … }</c>. <see cref="SimulatedApplication.Start"/> lets it run. All times are whole
/// seconds: the model takes steps of one second.</para>
/// <para>The defaults suit a first experiment: an iteration every minute, 30 s of downtime, a lag of at most 10 s.</para>
/// </remarks>
/// <example>
/// <code>
/// var orders = new Application
/// {
///     Name = "orders",
///     Operators =
///     [
///         new("source", ratePerInstance: 50_000) { Exponent = 0.97 },
///         new("map", ratePerInstance: 12_000) { Exponent = 0.95, Selectivity = 2 },
///     ],
///     Sources = Application.Reading("source", Trace.Cosine(mean: 150_000, amplitude: 100_000, period: TimeSpan.FromHours(1))),
/// };
/// </code>
/// </example>
public sealed partial record Application
{
    /// <summary>For tables and reports.</summary>
    public string Name { get; init; } = "application";

    /// <summary>The operators in topological order: each stands before those it feeds. At least one.</summary>
    public required IReadOnlyList<StreamOperator> Operators { get; init; }

    /// <summary>Who feeds whom, forward in the order of <see cref="Operators"/>; null: a chain.</summary>
    public IReadOnlyList<TopologyEdge>? Edges { get; init; }

    /// <summary>What arrives at each operator that no other feeds.</summary>
    public required IReadOnlyDictionary<TopologyNode, Trace> Sources { get; init; }

    /// <summary>
    /// With how many instances it starts; a node that is not named, or all if this is null, gets what <see cref="SmallestPlanAt"/> gives
    /// for the start.
    /// </summary>
    public IReadOnlyDictionary<TopologyNode, int>? Parallelism { get; init; }

    /// <summary>The buffer in front of an operator holds what it can take in in so many seconds. More than 0, default 2.</summary>
    public double BufferSeconds { get; init; } = 2;

    /// <summary>How long nothing is processed when the parallelism changes. Default 30 s.</summary>
    public TimeSpan Downtime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long nothing is measured after a downtime; the second in which the plan was decided counts to it. Default 60 s.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often the loop measures and decides. At least 1 s, default 60 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>What counts as too late. Default: a lag of more than 10 s.</summary>
    public ServiceObjective Objective { get; init; } = new(TimeSpan.FromSeconds(10));

    /// <summary>How many instances a node may have: what a policy's minimum and maximum say. Default 1 to 64.</summary>
    public ParallelismLimits Limits { get; init; } = new(1, 64);

    /// <summary>How long the experiment takes. Default: as long as the shortest trace, or 140 minutes if none ends.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>
    /// Noise of the measurements, as a standard deviation: 0.05 for 5 %. Every measured number but the parallelism is multiplied by one
    /// plus this times a normally distributed number. From 0 to 1, default 0.
    /// </summary>
    public double Noise { get; init; }

    /// <summary>Where everything random begins: noise, and traces that name no seed of their own. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Checkpoints; null: none, and a restart keeps the buffers.</summary>
    public Checkpoints? Checkpoints { get; init; }

    /// <summary>No rescale begins within this time after the last restart has ended; it waits. Default 0.</summary>
    public TimeSpan RescaleCooldown { get; init; }

    /// <summary>How long a new instance takes to reach its full rate, growing evenly. Default 0.</summary>
    public TimeSpan StartUp { get; init; }

    /// <summary>The machines; null: there is always room.</summary>
    public Cluster? Cluster { get; init; }

    /// <summary>When the monitoring is away. Default never.</summary>
    public IReadOnlyList<MonitoringOutage> Outages { get; init; } = [];

    /// <summary>The nodes, in the order of <see cref="Operators"/>.</summary>
    /// <exception cref="ArgumentException">There is no operator, or two have the same node.</exception>
    public Topology Topology => new(Operators.Select(one => one.Node));

    /// <summary>How long the experiment takes: <see cref="Duration"/>, or what stands for it.</summary>
    public TimeSpan RunTime => Duration ?? Sources.Values.Min(trace => trace?.Length) ?? TimeSpan.FromMinutes(140);

    /// <summary>What arrives at an application with one source.</summary>
    /// <param name="source">The id of the Flink vertex.</param>
    /// <param name="trace">What arrives.</param>
    public static IReadOnlyDictionary<TopologyNode, Trace> Reading(string source, Trace trace) =>
        new ReadOnlyDictionary<TopologyNode, Trace>(new Dictionary<TopologyNode, Trace> { [TopologyNode.Flink(source)] = trace });

    /// <summary>The edges: those of <see cref="Edges"/>, or a chain.</summary>
    internal IReadOnlyList<TopologyEdge> AllEdges =>
        Edges ?? [.. Operators.Skip(1).Select((one, i) => new TopologyEdge(Operators[i].Node, one.Node))];
}
