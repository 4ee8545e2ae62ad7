using System.Buffers;

namespace Kta.Functional.Algorithms;

/// <summary>Break-even, our own rule: up only when overload is measured, down only when the waste has paid for the change.</summary>
/// <remarks>
/// <para><b>When to use it.</b> Where a change is expensive: it stops the job, and the backlog of the stop has to be worked off. It changes
/// the plan rarely, and weighs instances, changes and lateness in one currency, the job minute. <see cref="BreakEvenOptions.LatePrice"/> is
/// the knob: 1 cheap, 3 default, 8 strict.</para>
/// <para><b>What it needs.</b> Per node: parallelism, records in and out, busy (or the true processing rate). Per source: the arrival rate
/// (else records in, and the growth of the lag), and the lag.</para>
/// <para><b>Missing numbers.</b> A node whose capacity or share of the load is not known keeps its parallelism; without the arrivals of all
/// sources everything stays. The parallelism is required, measured or applied.</para>
/// <para><b>Warm-up.</b> It scales up with the first measurement. Three are needed before it scales down, 120 are looked at.</para>
/// <para><b>Where it loses.</b> It is late by design at the first sign of overload, loses to a static plan where the load hardly varies, and
/// knows one demand for all sources together. Its experiments were made in a fluid model, without skew, on no real engine.</para>
/// <para><b>Source.</b> Ours. Prior art: Borkowski et al., "Minimizing Cost by Reducing Scaling Operations in Distributed Stream Processing",
/// PVLDB 12(7), 2019; Lin et al., "Dynamic right-sizing for power-proportional data centers", INFOCOM 2011; the ski-rental problem.</para>
/// </remarks>
public static class BreakEven
{
    private static readonly HistoryNeeded s_history = new(Entries: 120);

    /// <summary>The rule.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names all that are.</exception>
    public static ScalingRule Rule(BreakEvenOptions? options = null)
    {
        var settings = (options ?? new BreakEvenOptions()).Checked();
        return new("break-even", s_history, (now, context) => Decide(now, context, settings));
    }

    private static Plan Decide(Measurements now, RuleContext context, BreakEvenOptions options)
    {
        var topology = context.Topology;
        var most = s_history.Entries + 1;
        var times = ArrayPool<double>.Shared.Rent(most);
        var samples = ArrayPool<BreakEvenSample>.Shared.Rent(most * topology.Count);
        try
        {
            var count = 0;
            times[count++] = Seconds(context.StartedAt);
            for (var i = 0; i < topology.Count; i++)
            {
                samples[i] = Sample(now[topology[i]], context.Required(topology[i], now));
            }

            for (var k = 0; count < most && context.History.At(k) is { } past; k++)
            {
                if (past.Measurements.Nodes.Count > 0)
                {
                    Take(past, k, context, samples.AsSpan(count * topology.Count, topology.Count));
                    times[count++] = Seconds(past.StartedAt);
                }
            }

            var input = BreakEvenInput.Usable(Graph.Of(topology, now), times.AsSpan(0, count), samples, options);
            return Explained(BreakEvenModel.Decide(input, options, topology), now, topology);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(times);
            ArrayPool<BreakEvenSample>.Shared.Return(samples);
        }
    }

    private static void Take(PastIteration past, int index, RuleContext context, Span<BreakEvenSample> samples)
    {
        for (var i = 0; i < samples.Length; i++)
        {
            var node = context.Topology[i];
            var numbers = past.Measurements[node];
            samples[i] = Sample(
                numbers,
                numbers.Parallelism.LastValue
                ?? (context.History.At(index + 1) is { } before && before.Parallelism.TryGetValue(node, out var applied) ? applied : double.NaN));
        }
    }

    private static BreakEvenSample Sample(NodeMeasurements numbers, double parallelism) => new(
        parallelism,
        numbers.RecordsIn.OrNaN,
        numbers.RecordsOut.OrNaN,
        numbers.Busy.OrNaN,
        numbers.TrueProcessingRate.OrNaN,
        numbers.Lag.OrNaN,
        numbers.ArrivalRate.OrNaN);

    private static double Seconds(DateTimeOffset time) => time.ToUnixTimeMilliseconds() / 1000.0;

    private static Plan Explained(BreakEvenResult result, Measurements now, Topology topology)
    {
        var counts = new int[topology.Count];
        for (var i = 0; i < counts.Length; i++)
        {
            counts[i] = result.Nodes[i].Chosen;
        }

        var plan = ByPosition.Plan(topology, counts);
        for (var i = 0; i < counts.Length; i++)
        {
            var stoodIdle = now[topology[i]].Busy.OrNaN <= BreakEvenSample.PracticallyIdle && result.Reason != BreakEvenModel.NoArrivals;
            var numbers = result.Nodes[i];
            plan = plan
                .WithNumber(topology[i], RawNumber.NeededRate, numbers.Demand)
                .WithNumber(topology[i], RawNumber.RatePerInstance, numbers.PerInstance)
                .WithNumber(topology[i], RawNumber.Instances, numbers.Needed)
                .WithNumber(topology[i], RawNumber.InstancesWithReserve, numbers.Wanted);
            plan = result.Explain(plan, topology[i], i, lacksData: double.IsNaN(result.Nodes[i].Demand) && !stoodIdle);
        }

        return plan;
    }
}
