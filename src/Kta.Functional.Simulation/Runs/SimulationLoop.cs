using Kta.Functional.Calls;

namespace Kta.Functional.Simulation;

/// <summary>A loop whose monitor and scale driver are one simulated application.</summary>
internal sealed class SimulationLoop
{
    private readonly Application _application;
    private readonly string _name;
    private readonly LocalOperatorOptions _options;
    private readonly PolicyLoop _loop;
    private readonly RunRecorder _recorder;
    private SimulatedApplication _now;
    private Measurements _measured = Measurements.Nothing;

    internal SimulationLoop(Application application, string name, ServedSteps steps, LocalOperatorOptions options)
    {
        _now = SimulatedApplication.Start(application);
        (_application, _name, _options) = (application, name, options);
        _recorder = new RunRecorder(application, _now.Parallelism);
        var turns = (int)Math.Min(int.MaxValue, Math.Max(1, application.RunTime / application.Interval));
        _loop = new PolicyLoop("", steps.WithMonitor(application.Name, Answer), application.Topology, turns, options, new Knowledge());
    }

    internal async Task<SimulatedRun> RunAsync(CancellationToken cancellationToken)
    {
        var (start, runTime) = (_now.Parallelism, _application.RunTime);
        var iterations = new List<SimulatedIteration>();
        for (var pause = _application.Interval; _now.Time + pause <= runTime; pause = Remaining(pause))
        {
            Advance(pause);
            if (_now.Time < _now.WarmAt)
            {
                // A restart that had to wait has come meanwhile.
                pause = TimeSpan.Zero;
                continue;
            }

            (_measured, _now) = _now.Measure();
            var attempt = await _loop.AttemptAsync(cancellationToken).ConfigureAwait(false);
            if (attempt.NeedsRealTime)
            {
                await Task.Delay(attempt.Pause, cancellationToken).ConfigureAwait(false);
            }

            pause = attempt.Pause;
            if (attempt.Finished is { } finished)
            {
                iterations.Add(new(_now.Time, _now.Parallelism, _measured, finished));
                _now = _now.Rescale(finished.Parallelism);
            }
        }

        Advance(runTime - _now.Time);
        await _loop.AskAgainAsync(cancellationToken).ConfigureAwait(false);
        return new(_application, _name, start, iterations, _loop.Run.Failures, _recorder.Changes(_now), _recorder.Samples);
    }

    /// <summary>The time to the next iteration: never before a whole interval after the warm-up, and in whole seconds, as the model has it.</summary>
    private TimeSpan Remaining(TimeSpan pause)
    {
        var toWarm = _now.WarmAt - _now.Time;
        var whole = Seconds.Time((long)Math.Ceiling(pause.TotalSeconds));
        return toWarm > TimeSpan.Zero ? toWarm + _application.Interval : whole;
    }

    private void Advance(TimeSpan time)
    {
        _now = _now.Advance(time, _recorder.Observe);
        ((VirtualClock)_options.Clock).Advance(time);
    }

    private StepReply Answer() => StepReply.Measured(JsonBytes.Of(_measured, MeasurementsCodec.Instance.Write));
}
