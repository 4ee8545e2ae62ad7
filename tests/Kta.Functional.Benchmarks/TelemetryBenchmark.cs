using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using Kta.Functional.Calls;

namespace Kta.Functional.Benchmarks;

/// <summary>
/// What metrics and spans cost a call, without HTTP: by a runner that measures nothing, by one that nobody listens to, and with listeners.
/// Rounds alternate; medians of times and the least of bytes are compared.
/// </summary>
internal static class TelemetryBenchmark
{
    private const int Rounds = 101;
    private const int CallsPerRound = 1_000;
    private const int WarmUp = 30;

    private static readonly byte[] s_request =
        """{"id":"c3f7bdf5-37c4-4724-a92c-4428e47e04c1","udfStartTimestampMillis":1700000100000,"topology":[{"type":"scaleTargetRef","fields":"kind=Deployment|name=orders"},{"type":"scaleTargetRef","fields":"kind=Deployment|name=payments"},{"type":"scaleTargetRef","fields":"kind=Deployment|name=mails"}],"monitorResult":{"recordsPerSecond":1},"analyzeResult":{},"resultHistory":[{"id":"6b86b273","udfStartTimestampMillis":1,"udfEndTimestampMillis":2,"monitorResult":{"recordsPerSecond":1},"analyzeResult":{},"planResult":{"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=orders\"}":{"parallelism":4},"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=payments\"}":{"parallelism":4},"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=mails\"}":{"parallelism":4}},"parallelism":{"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=orders\"}":4,"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=payments\"}":4,"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=mails\"}":4}}]}"""u8
            .ToArray();

    private static readonly Algorithm s_algorithm = Algorithm.Create<Load>(
        monitor: ctx => new Load(1),
        plan: ctx => Plan.ForEach(ctx.Topology, node => 3));

    internal static async Task RunAsync(TextWriter output)
    {
        var measured = new StepRunner(s_algorithm);
        var kinds = new (string Name, StepRunner Runner, Func<IDisposable?[]> Listen)[]
        {
            ("not measured", Unmeasured(s_algorithm), () => []),
            ("nobody listens", measured, () => []),
            ("metrics", measured, () => [Metrics()]),
            ("spans", measured, () => [Spans()]),
            ("both", measured, () => [Metrics(), Spans()]),
        };
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"telemetry: ns and bytes per call, without HTTP: medians of {Rounds} rounds of {CallsPerRound} calls, and the least bytes"));
        foreach (var step in new[] { Step.Monitor, Step.Plan })
        {
            var found = kinds.Select(_ => (Times: new List<double>(), Bytes: new List<double>())).ToArray();
            for (var round = -WarmUp; round < Rounds; round++)
            {
                for (var turn = 0; turn < kinds.Length; turn++)
                {
                    // Another one begins each round: what is first finds the caches as somebody else has left them.
                    var kind = (turn + round + WarmUp) % kinds.Length;
                    var listeners = kinds[kind].Listen();
                    var (time, bytes) = await MeasureAsync(kinds[kind].Runner, step);
                    Array.ForEach(listeners, listener => listener?.Dispose());
                    if (round >= 0)
                    {
                        found[kind].Times.Add(time);
                        found[kind].Bytes.Add(bytes);
                    }
                }
            }

            var (noTime, noBytes) = (Statistics.Median(found[0].Times), found[0].Bytes.Min());
            foreach (var (kind, (times, bytes)) in kinds.Zip(found))
            {
                var (time, size) = (Statistics.Median(times), bytes.Min());
                await output.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"  {step.Name(),-8}{kind.Name,-16}{time,8:#,0} ns {size,8:#,0} B   {time - noTime,+7:+#,0;-#,0;0} ns {size - noBytes,+7:+#,0;-#,0;0} B"));
            }
        }
    }

    private static async Task<(double Nanoseconds, double Bytes)> MeasureAsync(StepRunner runner, Step step)
    {
        var bytes = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < CallsPerRound; i++)
        {
            await runner.RunAsync(step, s_request);
        }

        var time = Stopwatch.GetElapsedTime(started);
        return (time.TotalNanoseconds / CallsPerRound, (GC.GetTotalAllocatedBytes(precise: true) - bytes) / (double)CallsPerRound);
    }

    private static MeterListener Metrics()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Kta.Functional")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        listener.Start();
        return listener;
    }

    private static ActivityListener Spans()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Kta.Functional",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    /// <summary>What no user can have: a runner without instruments.</summary>
    private static StepRunner Unmeasured(Algorithm algorithm) =>
        (StepRunner)typeof(StepRunner)
            .GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic)
            .Single()
            .Invoke([algorithm, null, null, null]);

    private sealed record Load(double RecordsPerSecond);
}
