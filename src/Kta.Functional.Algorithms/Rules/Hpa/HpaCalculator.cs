namespace Kta.Functional.Algorithms;

/// <summary>Proposals for single metrics, with the integer arithmetic of <c>replica_calculator.go</c>. Amounts are in thousandths.</summary>
internal static class HpaCalculator
{
    private const string NoMetrics = "no pod that counts has a sample";

    /// <summary>A resource with a utilization target: percent of what is requested.</summary>
    internal static HpaProposal Utilization(int current, int target, HpaTolerance tolerance, HpaPods pods)
    {
        if (pods.LacksRequest)
        {
            return HpaProposal.Failed("a pod has no request");
        }

        if (pods.Samples == 0 || pods.Request == 0)
        {
            return HpaProposal.Failed(NoMetrics);
        }

        var utilization = Percent(pods.Usage, pods.Request);
        var ratio = (double)utilization / target;
        // Down: who does not report is taken to use all it has requested, or the target if that is more. Up: nothing.
        var assumed = ratio < 1 ? pods.MissingRequest * Math.Max(100, target) / 100 : 0;
        var rebalanced = Rebalance(ratio, pods, assumed, counted => (double)Percent(counted.Usage, counted.Request) / target);
        return new(Replicas(current, ratio, tolerance, pods, rebalanced), utilization, (long)(pods.Usage / pods.Samples));
    }

    /// <summary>A metric of the pods with a target for their average.</summary>
    internal static HpaProposal PodsAverage(int current, long target, HpaTolerance tolerance, HpaPods pods)
    {
        if (pods.Samples == 0)
        {
            return HpaProposal.Failed(NoMetrics);
        }

        var average = (long)(pods.Usage / pods.Samples);
        var ratio = (double)average / target;
        var assumed = ratio < 1 ? (Int128)target * pods.Missing : 0;
        var rebalanced = Rebalance(ratio, pods, assumed, counted => (double)(long)(counted.Usage / counted.Samples) / target);
        return new(Replicas(current, ratio, tolerance, pods, rebalanced), 0, average);
    }

    /// <summary>A metric of something else than the pods, with a target for its value.</summary>
    internal static HpaProposal Value(int current, int readyPods, IEnumerable<long> samples, long target, HpaTolerance tolerance)
    {
        var usage = Sum(samples);
        var ratio = (double)usage / target;
        var replicas = current == 0 ? Saturated(Math.Ceiling(ratio))
            : tolerance.Admits(ratio) ? current
            : Saturated(Math.Ceiling(ratio * readyPods));
        return new(replicas, 0, usage);
    }

    /// <summary>A metric of something else than the pods, with a target for its value divided by the pods.</summary>
    internal static HpaProposal AverageValue(int statusReplicas, IEnumerable<long> samples, long target, HpaTolerance tolerance)
    {
        var usage = Sum(samples);
        var ratio = usage / ((double)target * statusReplicas);
        var replicas = tolerance.Admits(ratio) ? statusReplicas : Saturated(Math.Ceiling((double)usage / target));
        return new(replicas, 0, SaturatedLong(Math.Ceiling((double)usage / statusReplicas)));
    }

    /// <summary>The ratio and the number of pods once missing and unready ones are counted with what is assumed of them.</summary>
    private static (double Ratio, int Counted)? Rebalance(double ratio, HpaPods pods, Int128 assumed, Func<HpaPods, double> ratioOf)
    {
        var rebalancesUnready = pods.Unready > 0 && ratio > 1;
        if (!rebalancesUnready && pods.Missing == 0)
        {
            return null;
        }

        var counted = pods;
        if (ratio != 1)
        {
            counted = counted with
            {
                Samples = counted.Samples + pods.Missing,
                Usage = counted.Usage + assumed,
                Request = counted.Request + pods.MissingRequest,
            };
        }

        if (rebalancesUnready)
        {
            counted = counted with { Samples = counted.Samples + pods.Unready, Request = counted.Request + pods.UnreadyRequest };
        }

        return (ratioOf(counted), counted.Samples);
    }

    private static int Replicas(int current, double ratio, HpaTolerance tolerance, HpaPods pods, (double Ratio, int Counted)? rebalanced)
    {
        if (rebalanced is not { } second)
        {
            return tolerance.Admits(ratio) ? current : Saturated(Math.Ceiling(ratio * pods.Samples));
        }

        if (tolerance.Admits(second.Ratio) || (ratio < 1 && second.Ratio > 1) || (ratio > 1 && second.Ratio < 1))
        {
            return current;
        }

        var replicas = Saturated(Math.Ceiling(second.Ratio * second.Counted));
        var turnsBack = second.Ratio < 1 ? replicas > current : replicas < current;
        return turnsBack ? current : replicas;
    }

    private static int Percent(Int128 usage, Int128 request) => (int)Int128.Min(usage * 100 / request, int.MaxValue);

    private static long Sum(IEnumerable<long> samples)
    {
        Int128 sum = 0;
        foreach (var sample in samples)
        {
            sum += sample;
        }

        return (long)Int128.Min(sum, long.MaxValue);
    }

    private static int Saturated(double count) => double.IsNaN(count) ? 0 : (int)Math.Clamp(count, 0, int.MaxValue);

    private static long SaturatedLong(double amount) => double.IsNaN(amount) ? 0 : amount >= long.MaxValue ? long.MaxValue : (long)amount;
}
