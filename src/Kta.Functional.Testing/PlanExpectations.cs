using System.Text;
using Kta.Functional.Simulation;
using static System.FormattableString;

namespace Kta.Functional.Testing;

/// <summary>What tests expect of a plan. Each answers the plan again, so that they can be chained; a failure names the node, what was expected, what it has, and why.</summary>
/// <example><code>plan.Expect((orders, 3), (payments, 1));</code></example>
public static class PlanExpectations
{
    private const string OnlyNode = "the only node";

    /// <summary>Expects the same parallelism of every node the plan names.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="parallelism">At least 1.</param>
    /// <exception cref="ExpectationException">A node has another one, or the plan names no node.</exception>
    public static Plan Expect(this Plan plan, int parallelism)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Expect(Plan.Single(parallelism));
    }

    /// <summary>Expects exactly these nodes with this parallelism.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="parallelism">The parallelism of every node.</param>
    /// <exception cref="ExpectationException">A node has another one, is missing, or is not expected.</exception>
    public static Plan Expect(this Plan plan, params (TopologyNode Node, int Parallelism)[] parallelism) => plan.Expect(Plan.Of(parallelism));

    /// <summary>Expects another plan's numbers; reasons do not count.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="expected">What it should be. <see cref="Plan.Single"/> stands for this parallelism of every node the plan names.</param>
    /// <exception cref="ExpectationException">A node has another parallelism, is missing, or is not expected.</exception>
    public static Plan Expect(this Plan plan, Plan expected)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(expected);
        var (has, should) = (Numbers(plan), Numbers(expected));
        if (expected.SingleParallelism is { } everywhere && has.Count > 0)
        {
            should = has.Keys.ToDictionary(node => node, _ => everywhere);
        }
        else if (plan.SingleParallelism is { } only && should.Count == 1)
        {
            has = should.Keys.ToDictionary(node => node, _ => only);
        }

        return Check(plan, should.Keys.Union(has.Keys), node => Number(should, node) == Number(has, node), node => Text(should, node), node => Text(has, node));

        static int? Number(Dictionary<string, int> numbers, string node) => numbers.TryGetValue(node, out var number) ? number : null;

        static string Text(Dictionary<string, int> numbers, string node) => Number(numbers, node) is { } number ? Invariant($"{number}") : "no entry";
    }

    /// <summary>Expects every node the plan names to be within limits.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="min">The least parallelism.</param>
    /// <param name="max">The largest parallelism.</param>
    /// <exception cref="ExpectationException">A node is below or above.</exception>
    public static Plan ExpectWithin(this Plan plan, int min, int max)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentOutOfRangeException.ThrowIfLessThan(max, min);
        var has = Numbers(plan);
        return Check(plan, has.Keys, node => has[node] >= min && has[node] <= max, _ => Invariant($"{min} to {max}"), node => Invariant($"{has[node]}"));
    }

    private static Plan Check(Plan plan, IEnumerable<string> nodes, Func<string, bool> isFine, Func<string, string> expected, Func<string, string> got)
    {
        var wrong = nodes.Where(node => !isFine(node)).ToArray();
        if (wrong.Length == 0)
        {
            return plan;
        }

        var text = new StringBuilder("The plan is not as expected:");
        foreach (var node in wrong)
        {
            text.AppendLine().Append(Invariant($"  {node}: expected {expected(node)}, got {got(node)}"));
            foreach (var reason in plan.Keys.Where(key => key.ToString() == node).SelectMany(plan.ReasonsOf))
            {
                text.AppendLine().Append(Invariant($"    {reason}"));
            }
        }

        throw new ExpectationException(text.ToString());
    }

    private static Dictionary<string, int> Numbers(Plan plan) =>
        plan.SingleParallelism is { } single
            ? new() { [OnlyNode] = single }
            : plan.ToDictionary(pair => pair.Key.ToString(), pair => pair.Value);
}
