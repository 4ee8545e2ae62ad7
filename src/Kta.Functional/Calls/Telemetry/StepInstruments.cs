using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Kta.Functional.Calls;

/// <summary>What is measured of the calls of steps, under one meter. <c>docs/telemetry.md</c> is the contract.</summary>
internal sealed class StepInstruments
{
    internal const string Name = "Kta.Functional";

    private static readonly string Version = VersionOf(typeof(StepInstruments).Assembly);
    private static readonly Lazy<Meter> OfProcess = new(() => new Meter(Name, Version));
    private static readonly ConditionalWeakTable<Meter, StepInstruments> Known = [];

    // Around the operator's 5 s and the 4.5 s of a step, so that both can be told apart.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 4, 4.5, 5, 10],
    };

    private static readonly InstrumentAdvice<long> Bytes = new()
    {
        HistogramBucketBoundaries = [1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22, 1 << 24, 1 << 26, 1 << 28, 1 << 30],
    };

    private readonly Instrument[] _all;

    private StepInstruments(Meter meter)
    {
        Meter = meter;
        _all =
        [
            Duration = meter.CreateHistogram("kta.functional.step.duration", "s", "Time from a request to the reply, without waiting for a turn.", tags: null, Seconds),
            RequestSize = meter.CreateHistogram("kta.functional.request.size", "By", "Bytes of requests that came over a wire.", tags: null, Bytes),
            Running = meter.CreateUpDownCounter<long>("kta.functional.steps.running", "{step}", "Steps that somebody waits for."),
            Failed = meter.CreateCounter<long>("kta.functional.steps.failed", "{step}", "Replies that are errors."),
            Abandoned = meter.CreateCounter<long>("kta.functional.steps.abandoned", "{step}", "Steps that were given up before they ended."),
            AbandonedRunning = meter.CreateUpDownCounter<long>("kta.functional.steps.abandoned.running", "{step}", "Steps that were given up and have not ended since."),
            Skipped = meter.CreateCounter<long>("kta.functional.history.skipped", "{entry}", "History entries that were left out because they do not fit the algorithm's types."),
            Decisions = meter.CreateCounter<long>("kta.functional.decisions", "{decision}", "Plans that were answered."),
            Changed = meter.CreateCounter<long>("kta.functional.decisions.changed", "{decision}", "Contexts that got another answer when a step was asked again."),
            Decided = meter.CreateGauge<long>("kta.functional.parallelism.decided", "{instance}", "Instances in the newest plan that has the node."),
            Previous = meter.CreateGauge<long>("kta.functional.parallelism.previous", "{instance}", "Instances that were applied before that plan."),
            DecidedTime = meter.CreateGauge<long>("kta.functional.parallelism.decided.time", "s", "Unix time of the newest plan that has the node."),
        ];
    }

    /// <summary>A span for each step.</summary>
    internal static ActivitySource Spans { get; } = new(Name, Version);

    internal Meter Meter { get; }

    internal Histogram<double> Duration { get; }

    internal Histogram<long> RequestSize { get; }

    internal UpDownCounter<long> Running { get; }

    internal Counter<long> Failed { get; }

    internal Counter<long> Abandoned { get; }

    internal UpDownCounter<long> AbandonedRunning { get; }

    internal Counter<long> Skipped { get; }

    internal Counter<long> Decisions { get; }

    internal Counter<long> Changed { get; }

    internal Gauge<long> Decided { get; }

    internal Gauge<long> Previous { get; }

    /// <summary>Tells nodes that are planned from those that have left: a gauge keeps the last number of its series for ever.</summary>
    internal Gauge<long> DecidedTime { get; }

    /// <summary>The nodes that have series of their own.</summary>
    internal NodeLabels Nodes { get; } = new();

    /// <summary>Whether anybody listens to anything of it.</summary>
    internal bool AreListenedTo
    {
        get
        {
            if (Spans.HasListeners())
            {
                return true;
            }

            foreach (var instrument in _all)
            {
                if (instrument.Enabled)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether anybody listens to something that can be shown before it has happened.</summary>
    internal bool CanShow => Array.Exists(_all, static one => one.Enabled && one is Counter<long> or UpDownCounter<long>);

    /// <summary>Those of the meter of a factory, or of the one of this process.</summary>
    internal static StepInstruments Of(IMeterFactory? meters) =>
        Known.GetValue(
            meters?.Create(new MeterOptions(Name) { Version = Version }) ?? OfProcess.Value,
            static meter => new StepInstruments(meter));

    /// <summary>
    /// Makes the series of what is counted appear before there is something to count, for those who listen by now: a rate of what was
    /// never seen cannot be computed.
    /// </summary>
    internal void Show(IEnumerable<Step> steps)
    {
        foreach (var step in steps)
        {
            var tag = Tags.Of(step);
            Running.Add(0, tag);
            Failed.Add(0, tag);
            Abandoned.Add(0, tag, Tags.Timeout);
            Abandoned.Add(0, tag, Tags.CallerGone);
            AbandonedRunning.Add(0, tag);
            Skipped.Add(0, tag);
            Changed.Add(0, tag);
            if (step == Step.Plan)
            {
                Decisions.Add(0);
            }
        }
    }

    private static string VersionOf(Assembly assembly)
    {
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        return version.Split('+')[0];
    }
}
