namespace Kta.Functional.Algorithms;

/// <summary>How the target of a metric is meant.</summary>
public enum HpaTargetType
{
    /// <summary>The average use of an instance, as a fraction.</summary>
    Utilization,

    /// <summary>The amount for one instance: the whole amount divided by it is the number of instances.</summary>
    AverageValue,

    /// <summary>The whole amount: twice as much needs twice the instances.</summary>
    Value,
}

/// <summary>A number of a node and what it shall be.</summary>
/// <param name="Quantity">Which number.</param>
/// <param name="Type">How the target is meant.</param>
/// <param name="Target">The target, more than 0, in the unit of the number; 0.7 for a utilization of 70 %.</param>
public sealed record HpaMetric(Quantity Quantity, HpaTargetType Type, double Target)
{
    private const int Millionths = 1_000_000;

    /// <summary>
    /// A fraction of time or of CPU: busy 0.7, for example. CPU is taken from the instances where they are measured, so that those that are
    /// not ready or do not report are treated as Kubernetes does.
    /// </summary>
    /// <param name="quantity">Busy, BackPressured, Idle or Cpu.</param>
    /// <param name="target">More than 0, at most 10; Kubernetes rounds it to whole percent.</param>
    public static HpaMetric Utilization(Quantity quantity, double target) => new(quantity, HpaTargetType.Utilization, target);

    /// <summary>An amount for each instance: lag 1,000, for example. CPU is in cores, and needs the instances.</summary>
    /// <param name="quantity">A rate, the lag, or CPU.</param>
    /// <param name="target">More than 0.</param>
    public static HpaMetric AverageValue(Quantity quantity, double target) => new(quantity, HpaTargetType.AverageValue, target);

    /// <summary>An amount for all instances together.</summary>
    /// <param name="quantity">Any number.</param>
    /// <param name="target">More than 0.</param>
    public static HpaMetric Value(Quantity quantity, double target) => new(quantity, HpaTargetType.Value, target);

    /// <summary>What the metric proposes for a node with some replicas.</summary>
    internal HpaProposal Propose(NodeMeasurements numbers, int current, HpaTolerance tolerance)
    {
        var reading = numbers[Quantity];
        if (Quantity == Quantity.Cpu && numbers.Instances is { } instances && Type != HpaTargetType.Value)
        {
            var pods = HpaPods.Of(instances.Select(pod => (pod.State, Thousandths(pod.Request), Thousandths(pod.Usage))), readinessCounts: true);
            return Type == HpaTargetType.Utilization
                ? HpaCalculator.Utilization(current, Percent, tolerance, pods)
                : HpaCalculator.PodsAverage(current, Thousandths(Target)!.Value, tolerance, pods);
        }

        if (reading.Value is not { } value || (Quantity == Quantity.Cpu && Type == HpaTargetType.AverageValue))
        {
            return HpaProposal.Failed(reading.State == ReadingState.Stale ? "what was measured is stale" : "not measured");
        }

        return Type switch
        {
            HpaTargetType.Utilization => HpaCalculator.Utilization(
                current, Percent, tolerance, HpaPods.Alike(current, (long)Math.Round(value * Millionths), Millionths)),
            HpaTargetType.AverageValue => HpaCalculator.AverageValue(
                current, [Thousandths(IsFraction ? value * current : value)!.Value], Thousandths(Target)!.Value, tolerance),
            _ => HpaCalculator.Value(
                current, ReadyPods(numbers) ?? current, [Thousandths(value)!.Value], Thousandths(Target)!.Value, tolerance),
        };
    }

    internal int Percent => (int)Math.Round(Target * 100);

    internal bool IsFraction => Quantity is Quantity.Busy or Quantity.BackPressured or Quantity.Idle or Quantity.Cpu or Quantity.BufferUsage;

    private static int? ReadyPods(NodeMeasurements numbers) => numbers.Instances?.Count(pod => pod.State == InstanceState.Ready);

    private static long? Thousandths(double? amount) =>
        amount is not ({ } some and >= 0) ? null : some * 1000 >= long.MaxValue ? long.MaxValue : (long)Math.Round(some * 1000);
}
