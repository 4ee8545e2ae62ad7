namespace Kta.Functional.Simulation;

/// <summary>What happened in a run of the <see cref="LocalOperator"/>.</summary>
public sealed class LocalRun
{
    internal LocalRun(Topology topology, IReadOnlyList<Iteration> iterations, IReadOnlyList<FailedAttempt> failures)
    {
        Topology = topology;
        Iterations = Array.AsReadOnly([.. iterations]);
        Failures = Array.AsReadOnly([.. failures]);
    }

    /// <summary>The nodes that were scaled.</summary>
    public Topology Topology { get; }

    /// <summary>The iterations, the first one first.</summary>
    public IReadOnlyList<Iteration> Iterations { get; }

    /// <summary>The attempts that failed, the first one first, also those of iterations that succeeded later.</summary>
    public IReadOnlyList<FailedAttempt> Failures { get; }

    /// <summary>What was applied in each iteration: the parallelism of every node.</summary>
    public IEnumerable<IReadOnlyDictionary<TopologyNode, int>> Decisions => Iterations.Select(iteration => iteration.Parallelism);

    /// <summary>The decisions as a table to read: one row per iteration, one column per node.</summary>
    public string ToTable() => DecisionTable.Write(this);
}
