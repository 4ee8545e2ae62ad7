namespace Kta.Functional.Recording;

/// <summary>Who is told of troubles, and the trouble that lasts.</summary>
internal sealed class ProblemListeners
{
    private readonly Lock _gate = new();
    private EventHandler<RecordingProblem>? _listeners;
    private RecordingProblem? _lasting;

    internal void Add(CallRecorder recorder, EventHandler<RecordingProblem>? listener)
    {
        RecordingProblem? lasting;
        lock (_gate)
        {
            _listeners += listener;
            lasting = _lasting;
        }

        if (lasting is not null)
        {
            Call(listener, recorder, lasting);
        }
    }

    internal void Remove(EventHandler<RecordingProblem>? listener)
    {
        lock (_gate)
        {
            _listeners -= listener;
        }
    }

    internal void Tell(CallRecorder recorder, RecordingProblem problem)
    {
        EventHandler<RecordingProblem>? listeners;
        lock (_gate)
        {
            _lasting = problem;
            listeners = _listeners;
        }

        Call(listeners, recorder, problem);
    }

    /// <summary>Tells something that is over already: listeners to come need not know it.</summary>
    internal void Mention(CallRecorder recorder, RecordingProblem problem)
    {
        EventHandler<RecordingProblem>? listeners;
        lock (_gate)
        {
            listeners = _listeners;
        }

        Call(listeners, recorder, problem);
    }

    /// <summary>Tells the good news once: nothing if no trouble lasts.</summary>
    internal void Solve(CallRecorder recorder, RecordingProblem solved)
    {
        EventHandler<RecordingProblem>? listeners;
        lock (_gate)
        {
            listeners = _lasting is null ? null : _listeners;
            _lasting = null;
        }

        Call(listeners, recorder, solved);
    }

    private static void Call(EventHandler<RecordingProblem>? listeners, CallRecorder recorder, RecordingProblem problem)
    {
        try
        {
            listeners?.Invoke(recorder, problem);
        }
        catch (Exception)
        {
            // A listener that fails must not fail the call it is told of.
        }
    }
}
