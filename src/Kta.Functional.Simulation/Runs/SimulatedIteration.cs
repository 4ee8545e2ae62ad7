namespace Kta.Functional.Simulation;

/// <summary>A finished iteration of a run against a simulated application.</summary>
public sealed class SimulatedIteration
{
    internal SimulatedIteration(TimeSpan at, IReadOnlyDictionary<TopologyNode, int> before, Measurements measured, Iteration iteration)
    {
        At = at;
        Before = before;
        Measured = measured;
        Iteration = iteration;
    }

    /// <summary>When, since the start of the application.</summary>
    public TimeSpan At { get; }

    /// <summary>The instances of each node before it.</summary>
    public IReadOnlyDictionary<TopologyNode, int> Before { get; }

    /// <summary>What the application measured.</summary>
    public Measurements Measured { get; }

    /// <summary>What plan asked for.</summary>
    public IReadOnlyDictionary<TopologyNode, int> Plan => Iteration.Plan;

    /// <summary>The plan within the limits.</summary>
    public IReadOnlyDictionary<TopologyNode, int> Parallelism => Iteration.Parallelism;

    /// <summary>Why the plan is as it is; null if plan is called over HTTP, where reasons do not go.</summary>
    public Explanation? Explanation => Iteration.Explanation;

    /// <summary>The iteration as the loop saw it: results as JSON, attempts, times of the loop's clock.</summary>
    public Iteration Iteration { get; }
}
