namespace Kta.Functional.Algorithms;

/// <content>The preparations there are.</content>
public sealed partial class Preparation
{
    /// <summary>After so many half-lives an old measurement counts 3 %.</summary>
    private const int HalfLives = 5;

    private static readonly Quantity[] s_smoothed =
    [
        Quantity.RecordsIn, Quantity.RecordsOut, Quantity.Busy, Quantity.BackPressured, Quantity.Idle, Quantity.TrueProcessingRate,
        Quantity.ArrivalRate, Quantity.Cpu,
    ];

    /// <summary>Rates and shares of time as weighted means over the time since the parallelism of their node was changed.</summary>
    /// <param name="halfLife">A measurement so old counts half; more than 0.</param>
    /// <remarks>A lag is no rate and stays as it is, and a number that is missing now stays missing. It looks back five half-lives; where the
    /// history ends earlier, nothing goes down.</remarks>
    /// <exception cref="ArgumentException">The time is not positive.</exception>
    public static Preparation Smooth(TimeSpan halfLife)
    {
        new OptionChecks("Smooth").Positive(halfLife, "halfLife").Throw();
        var window = HalfLives * halfLife;
        return new("Smooth", new(1, window), (now, context) =>
        {
            var (smoothed, isCovered) = (now, true);
            foreach (var node in context.Topology.Where(now.Nodes.ContainsKey))
            {
                var (numbers, isNodeCovered) = Smoothed(node, now, context, halfLife, window);
                (smoothed, isCovered) = (smoothed.With(node, numbers), isCovered && isNodeCovered);
            }

            return new(
                smoothed,
                plan => Told(plan, context.Topology, now, smoothed),
                isCovered ? null : FormattableString.Invariant($"Smooth: the history does not cover the last {window.TotalSeconds} s"));
        });
    }

    /// <summary>Ignores what was measured soon after a change of the plan, while the application restarts and catches up.</summary>
    /// <param name="time">How long after a change, at least 0. The restart is part of it.</param>
    /// <remarks>Until then the numbers count as missing, so a rule keeps the plan. Where the history does not reach back so far, nothing goes
    /// down. The source is the warm-up of DS2 and the stabilization interval of the Flink operator.</remarks>
    /// <exception cref="ArgumentException">The time is negative.</exception>
    public static Preparation WarmUp(TimeSpan time)
    {
        new OptionChecks("WarmUp").NotNegative(time, "time").Throw();
        return new("WarmUp", new(1, time), (now, context) =>
        {
            for (var k = 0; context.History.At(k) is { } past; k++)
            {
                var age = context.StartedAt - past.StartedAt;
                if (age >= time)
                {
                    return new(now);
                }

                if (context.History.HasChangedAt(k) is true)
                {
                    return new(
                        Measurements.ForEach(context.Topology, node => CountsOnly(node, now, context)),
                        plan => context.Topology.Aggregate(plan, (all, node) =>
                            all.Because(node, $"WarmUp: ignores what was measured, last change {age.TotalSeconds:0} s ago, wait {time.TotalSeconds} s")));
                }
            }

            return new(now, Unknown: time == TimeSpan.Zero ? null : FormattableString.Invariant($"WarmUp: the history does not cover the last {time.TotalSeconds} s"));
        });
    }

    /// <summary>Sizes for the backlog as well: what arrives at a source grows by its lag divided by a time.</summary>
    /// <param name="time">In what time a backlog shall be gone; more than 0.</param>
    /// <remarks>For rules that know no backlog. A source whose lag is missing has no arrival rate then. Beside the <c>catchUp</c> of a rule it is
    /// refused.</remarks>
    /// <exception cref="ArgumentException">The time is not positive.</exception>
    public static Preparation CatchUp(TimeSpan time)
    {
        new OptionChecks("CatchUp").Positive(time, "time").Throw();
        return new("CatchUp", HistoryNeeded.None, (now, context) =>
        {
            var (more, plans) = (now, new List<Func<Plan, Plan>>());
            foreach (var node in context.Topology)
            {
                if (now[node].ArrivalRate.Value is { } arrivals)
                {
                    var lag = now[node].Lag;
                    more = more.With(node, more[node].With(Quantity.ArrivalRate, lag.Value is { } records ? arrivals + (records / time.TotalSeconds) : Reading.Absent));
                    plans.Add(lag.Value is { } known
                        ? plan => plan.Because(node, $"CatchUp: {new Rate(arrivals)}/s arrive, and {new Rate(known / time.TotalSeconds)}/s more for a lag of {new Rate(known)}")
                        : plan => plan.Because(node, $"CatchUp: its lag is {lag}"));
                }
            }

            return new(more, plan => plans.Aggregate(plan, (all, tell) => tell(all)));
        })
        {
            CatchesUp = true,
        };
    }

    private static (NodeMeasurements Numbers, bool IsCovered) Smoothed(
        TopologyNode node, Measurements now, RuleContext context, TimeSpan halfLife, TimeSpan window)
    {
        var numbers = now[node];
        var sums = s_smoothed.Select(quantity => (Sum: numbers[quantity].Value ?? 0, Weight: 1.0)).ToArray();
        var (isCovered, current) = (false, context.CurrentParallelism(node, now));
        for (var k = 0; !isCovered && context.History.At(k) is { } past; k++)
        {
            var age = context.StartedAt - past.StartedAt;
            var (then, before) = (past.Measurements[node], context.History.At(k + 1));
            var parallelism = then.Parallelism.Value
                ?? (before is not null && before.Parallelism.TryGetValue(node, out var applied) ? applied : null);
            isCovered = age >= window || (parallelism is not null && parallelism != current);
            for (var i = 0; i < sums.Length && age <= window && parallelism == current; i++)
            {
                if (then[s_smoothed[i]].Value is { } value)
                {
                    var weight = Math.Pow(0.5, age / halfLife);
                    sums[i] = (sums[i].Sum + (weight * value), sums[i].Weight + weight);
                }
            }
        }

        for (var i = 0; i < sums.Length; i++)
        {
            if (numbers[s_smoothed[i]].Value is { } value && sums[i].Weight > 1)
            {
                numbers = numbers.With(s_smoothed[i], numbers[s_smoothed[i]].With(sums[i].Sum / sums[i].Weight));
            }
        }

        return (numbers, isCovered);
    }

    private static Plan Told(Plan plan, Topology topology, Measurements now, Measurements smoothed)
    {
        foreach (var node in topology)
        {
            foreach (var quantity in s_smoothed)
            {
                if (now[node][quantity].Value is { } value && smoothed[node][quantity].Value is { } mean && Math.Abs(value - mean) > 0.01 * Math.Abs(value)
                    && quantity is Quantity.ArrivalRate or Quantity.Busy)
                {
                    plan = plan.Because(node, $"Smooth: {quantity.WireName()} {new Rate(mean)} instead of {new Rate(value)}");
                }
            }
        }

        return plan;
    }

    private static NodeMeasurements CountsOnly(TopologyNode node, Measurements now, RuleContext context)
    {
        var numbers = now[node];
        return new NodeMeasurements
        {
            Parallelism = context.CurrentParallelism(node, now) is { } current ? current : Reading.Absent,
            MaxParallelism = numbers.MaxParallelism,
            Partitions = numbers.Partitions,
        };
    }
}
