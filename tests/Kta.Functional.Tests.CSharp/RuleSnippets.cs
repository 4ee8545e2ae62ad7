using Kta.Functional.Algorithms;

namespace Kta.Functional.Tests.CSharp;

/// <summary>What docs/measurements.md and docs/rules show. Another test compares and runs them.</summary>
public static class RuleSnippets
{
    /// <summary>A monitor that reads Flink, as a user would have one.</summary>
    public interface IFlink
    {
        /// <summary>Measures.</summary>
        Task<Measurements> MeasureAsync(Topology topology, CancellationToken cancellationToken);
    }

    /// <summary>The algorithm of docs/rules/README.md.</summary>
    public static Algorithm WithRule(IFlink flink)
    {
        ArgumentNullException.ThrowIfNull(flink);
        var rule = Ds2.Rule(new Ds2Options { ScalingFactor = 0.2 });

        var algorithm = Algorithm.Create<Measurements>(
            monitor: (ctx, ct) => flink.MeasureAsync(ctx.Topology, ct),
            plan: ctx => rule.Decide(ctx.MonitorResult, RuleContext.Of(ctx)));

        return algorithm;
    }

    /// <summary>What docs/measurements.md builds.</summary>
    public static IReadOnlyList<Measurements> Measured(TopologyNode source, TopologyNode left, TopologyNode right, TopologyNode sink)
    {
        var measured = Measurements
            .Of(
                (source, new NodeMeasurements { ArrivalRate = 2_500, RecordsIn = 625, RecordsOut = 625, Busy = 0.62, Lag = 40_000, Parallelism = 1 }),
                (sink, new NodeMeasurements { RecordsIn = 625, Busy = 1, Parallelism = 2 }))
            .From("flink", age: TimeSpan.FromSeconds(5));

        var all = measured.And(Measurements.Of((source, new() { Lag = 1_204 })).From("kafka", age: TimeSpan.FromSeconds(2)));

        var diamond = measured.WithEdges(new(source, left), new(source, right), new(left, sink), new(right, sink));

        return [measured, all, diamond];
    }

    /// <summary>The reasons that docs/rules/README.md prints.</summary>
    public static void Explain(Topology topology, TopologyNode sink, Measurements measured, DateTimeOffset startedAt)
    {
        var rule = Ds2.Rule();

        var plan = rule.Decide(measured, new RuleContext(topology, startedAt));
        foreach (var reason in plan.ReasonsOf(sink))
        {
            Console.WriteLine(reason); // DS2: 2,500/s needed, 312/s per instance → 8 (8.00)
        }
    }

    /// <summary>The rules of the pages.</summary>
    public static IReadOnlyList<ScalingRule> Rules(TopologyNode sink)
    {
        var ds2 = Ds2.Rule(new Ds2Options { ScalingFactor = 0.2, CatchUp = TimeSpan.FromMinutes(5) });

        var flink = FlinkAutoscaler.Rule(new FlinkAutoscalerOptions
        {
            MetricsWindow = TimeSpan.FromMinutes(3),
            CatchUp = TimeSpan.FromMinutes(5),
            RestartTime = TimeSpan.FromMinutes(1),
            ScaleDownInterval = TimeSpan.FromMinutes(10),
            KeyedNodes = ["map"],
        });

        var hpa = Hpa.Rule(new HpaOptions
        {
            Metrics = [HpaMetric.Utilization(Quantity.Busy, 0.7), HpaMetric.AverageValue(Quantity.Lag, 10_000)],
            MaxReplicas = 32,
        });

        var lag = KafkaLag.Rule(new KafkaLagOptions { LagThreshold = 20_000, MaxReplicas = 64 });

        var dhalion = Dhalion.Rule(new DhalionOptions { Blacklist = TimeSpan.FromMinutes(10) });

        var varga = Varga.Rule(new VargaOptions { UtilizationTarget = 0.7, StabilizationWindow = TimeSpan.FromMinutes(5) });

        var breakEven = BreakEven.Rule(new BreakEvenOptions { LatePrice = 8, IntervalSeconds = 30, MaxParallelism = 128 });

        var combined = Rule.PerNode(
            Rule.FirstOf(Ds2.Rule(), Hpa.Rule()),
            (sink, Rule.Max(Hpa.Rule(), Rule.Of("at least two", (now, context) => Plan.ForEach(context.Topology, node => 2)))));

        return [ds2, flink, hpa, lag, dhalion, varga, breakEven, combined];
    }

    /// <summary>What docs/rules/kafka-lag.md makes of offsets.</summary>
    public static NodeMeasurements OfOffsets(IEnumerable<KafkaPartition> partitions)
    {
        var group = KafkaLag.GroupLag(partitions, new KafkaOffsetOptions { OffsetResetPolicy = KafkaOffsetReset.Earliest });
        var consumer = new NodeMeasurements { Lag = group.Lag, Partitions = group.Partitions };

        return consumer;
    }

    /// <summary>The algorithm of docs/strategies.md that is bent.</summary>
    public static Algorithm<Measurements, Proposals> Bent(Algorithm<Measurements, Proposals> algorithm)
    {
        var bent = algorithm.WithStrategies(
            Strategy.Stabilize(down: TimeSpan.FromMinutes(5)),
            Strategy.Bounds(1, 32),
            Strategy.Cooldown(TimeSpan.FromMinutes(2)));

        return bent;
    }

    /// <summary>All together, as in docs/strategies.md.</summary>
    public static Algorithm<Measurements, Proposals> Together(IFlink flink)
    {
        ArgumentNullException.ThrowIfNull(flink);
        var autoscaler = Autoscaler.Create(
            (ctx, ct) => flink.MeasureAsync(ctx.Topology, ct),
            Ds2.Rule().Prepared(Preparation.WarmUp(TimeSpan.FromSeconds(60))),
            Strategy.OverProvision(0.2),
            Strategy.DelayScaleDown(TimeSpan.FromMinutes(10)),
            Strategy.During(new DailyWindow(new(8, 0), new(18, 0), "Europe/Berlin"), Strategy.Bounds(4, 32)),
            Strategy.Cooldown(TimeSpan.FromMinutes(2)));

        return autoscaler;
    }

    /// <summary>What docs/why-did-it-do-that.md prints, and a reason of one's own.</summary>
    public static (Explanation Why, Plan Plan) Why(
        Algorithm<Measurements, Proposals> autoscaler, PlanContext<Measurements, Proposals> context, TopologyNode sink, double busy)
    {
        Explanation why = autoscaler.Explain(context);
        Console.WriteLine(why);

        var plan = why.Plan;
        plan = plan.Because(sink, $"busy {busy:P0}, so {plan[sink]} instances");

        return (why, plan);
    }

    /// <summary>A rule that reads a variable, and something else that changes it.</summary>
    public static (ScalingRule Rule, Action Change) RuleOfVariable()
    {
        var count = 1;
        return (Rule.Of("variable", (now, context) => Plan.ForEach(context.Topology, _ => count)), () => count++);
    }
}
