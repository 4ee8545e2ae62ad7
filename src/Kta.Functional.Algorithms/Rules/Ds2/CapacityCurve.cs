namespace Kta.Functional.Algorithms;

/// <summary>Measured capacity of an operator by its number of instances: linear in between, proportional below the first point, and on
/// with the last slope above the last one.</summary>
/// <param name="points">Instances and records per second, by instances, at least one.</param>
internal sealed class CapacityCurve(IReadOnlyList<(double Instances, double RecordsPerSecond)> points)
{
    internal double At(double instances)
    {
        var (first, rate) = points[0];
        if (instances <= first || points.Count == 1)
        {
            return rate * instances / first;
        }

        var right = 1;
        while (right < points.Count - 1 && points[right].Instances < instances)
        {
            right++;
        }

        var (x0, y0) = points[right - 1];
        var (x1, y1) = points[right];
        return y0 + ((y1 - y0) * (instances - x0) / (x1 - x0));
    }
}

/// <summary>DS2 in a closed loop with a chain of operators whose capacity is measured.</summary>
internal static class Ds2Convergence
{
    private const int MostSteps = 1000;

    /// <summary>All plans from the initial one on, until one comes back.</summary>
    /// <param name="sourceRate">Records per second in front of the chain.</param>
    /// <param name="chain">Capacity and selectivity of each operator.</param>
    /// <param name="initial">The first plan.</param>
    internal static IReadOnlyList<int[]> Steps(
        double sourceRate, IReadOnlyList<(CapacityCurve Capacity, double Selectivity)> chain, int[] initial)
    {
        var graph = Graph.Of(chain.Count, Enumerable.Range(1, chain.Count - 1).Select(i => (i - 1, i)))!.WithVirtualSources();
        var operators = new Ds2Operator[graph.Count];
        var offered = new double[graph.Count];
        offered[^1] = sourceRate;
        var steps = new List<int[]> { initial };
        while (steps.Count < MostSteps)
        {
            for (var i = 0; i < chain.Count; i++)
            {
                var capacity = chain[i].Capacity.At(steps[^1][i]);
                operators[i] = new(steps[^1][i], capacity, capacity * chain[i].Selectivity);
            }

            int[] next = [.. Ds2Model.Evaluate(graph, operators, offered, scalingFactor: 0)[..chain.Count].Select(size => size.Parallelism)];
            if (steps.Exists(next.SequenceEqual))
            {
                break;
            }

            steps.Add(next);
        }

        return steps;
    }
}
