namespace Kta.Functional.Simulation;

/// <content>What it would need.</content>
public sealed partial record Application
{
    /// <summary>
    /// For each node the smallest number of instances within <see cref="Limits"/> that can take in what arrives at a moment; the largest
    /// allowed where none is enough.
    /// </summary>
    /// <param name="time">Since the start.</param>
    /// <exception cref="ArgumentException">Something is wrong with the description.</exception>
    public Plan SmallestPlanAt(TimeSpan time)
    {
        ThrowIfWrong();
        var model = new FluidModel(this);
        return SmallestPlan(Sources.Keys.ToDictionary(node => node, node => model.TraceOf(node).RateAt(time)));
    }

    /// <summary>The same for any rates.</summary>
    /// <param name="rates">Records per second that arrive at each source; one that is not named gets none.</param>
    /// <exception cref="ArgumentException">Something is wrong with the description.</exception>
    public Plan SmallestPlan(IReadOnlyDictionary<TopologyNode, double> rates)
    {
        ArgumentNullException.ThrowIfNull(rates);
        var demand = Demand(rates);
        return Plan.Of(Operators.Select(one => KeyValuePair.Create(one.Node, SmallestOf(one, demand[one.Node]))));
    }

    /// <summary>Records per second each operator would have to take in so that nothing waits.</summary>
    /// <param name="rates">Records per second that arrive at each source; one that is not named gets none.</param>
    /// <exception cref="ArgumentException">Something is wrong with the description.</exception>
    public IReadOnlyDictionary<TopologyNode, double> Demand(IReadOnlyDictionary<TopologyNode, double> rates)
    {
        ArgumentNullException.ThrowIfNull(rates);
        ThrowIfWrong();
        var model = new FluidModel(this);
        double[] demand = [.. Topology.Select(node => Sources.ContainsKey(node) && rates.TryGetValue(node, out var rate) ? rate : 0)];
        model.Propagate(demand);
        return Topology.Select((node, i) => KeyValuePair.Create(node, demand[i])).ToDictionary().AsReadOnly();
    }

    /// <summary>Records per second an operator can take in lastingly: no more than its buffer holds from one second to the next.</summary>
    internal double SustainedAt(StreamOperator one, int parallelism) =>
        one.CapacityAt(parallelism) * (Sources.ContainsKey(one.Node) ? 1 : Math.Min(1, BufferSeconds));

    private int SmallestOf(StreamOperator one, double demand)
    {
        // A demand that a capacity meets but for rounding is met.
        var enough = demand * (1 - 1e-12);
        var max = Math.Min(Limits.Max, one.MaxParallelism ?? int.MaxValue);
        for (var parallelism = Math.Min(Limits.Min, max); parallelism < max; parallelism++)
        {
            if (SustainedAt(one, parallelism) >= enough)
            {
                return parallelism;
            }
        }

        return max;
    }
}
