using System.Diagnostics;
using System.Text.Json;
using Kta.Functional;
using Kta.Functional.Simulation;
using Spectre.Console;
using static System.FormattableString;

namespace Kta.Cli;

/// <summary>An experiment while it runs, for somebody who watches.</summary>
internal sealed class LiveView
{
    private const int BarWidth = 40;
    private static readonly TimeSpan s_frame = TimeSpan.FromMilliseconds(80);
    private readonly Experiment _experiment;
    private readonly Course _course;
    private readonly long _began = Stopwatch.GetTimestamp();
    private DateTimeOffset? _start;
    private long _shown;
    private int _iterations;
    private TimeSpan _time;

    private LiveView(Experiment experiment) => (_experiment, _course) = (experiment, new(experiment.Application.Topology));

    internal static async Task<SimulatedRun> ShowAsync(Terminal terminal, Experiment experiment, Func<Action<Iteration>?, Task<SimulatedRun>> run)
    {
        if (!terminal.IsWatched)
        {
            return await run(null);
        }

        var view = new LiveView(experiment);
        return await terminal.Notes.Live(view.ToRenderable()).AutoClear(true).StartAsync(context => Task.Run(() => run(iteration =>
        {
            view.Add(iteration);
            if (Stopwatch.GetElapsedTime(view._shown) > s_frame)
            {
                view._shown = Stopwatch.GetTimestamp();
                context.UpdateTarget(view.ToRenderable());
            }
        })));
    }

    private void Add(Iteration iteration)
    {
        var interval = _experiment.Application.Interval;
        _start ??= iteration.StartedAt - interval;
        _time = iteration.StartedAt - _start.Value;
        _iterations++;
        var rate = _experiment.Application.Sources.Values.Sum(trace => trace.RateAt(_time));
        _course.Add(rate, LagOf(iteration) / Math.Max(1, rate));
        _course.Add(iteration.Parallelism);
    }

    /// <summary>What was measured last; a picture that is gone in a moment needs no more than what is there.</summary>
    private double LagOf(Iteration iteration)
    {
        var measured = JsonSerializer.Deserialize<Measurements>(iteration.MonitorResult);
        return measured is null ? 0 : _experiment.Application.Topology.Max(node => measured[node].Lag.LastValue ?? 0);
    }

    private Rows ToRenderable()
    {
        var share = Math.Clamp(_time / _experiment.Application.RunTime, 0, 1);
        var bar = new string('█', (int)(share * BarWidth)).PadRight(BarWidth, '░');
        return new Rows(
            new Text(SummaryText.Heading(_experiment)),
            Text.Empty,
            new Text(Invariant($" {Phrase.Moment(_time)} {bar} {100 * share,3:0} %   {_iterations} iterations, {Stopwatch.GetElapsedTime(_began).TotalSeconds:0.0} s")),
            _course.ToRenderable());
    }
}
