using Kta.Functional.Recording;

namespace Kta.Functional.Simulation;

/// <summary>Records what is sent and what comes back, where the algorithm is elsewhere.</summary>
internal sealed class RecordingCaller(IStepCaller inner, CallRecorder recorder) : IStepCaller
{
    public bool HasAnalyze => inner.HasAnalyze;

    public bool IsInProcess => inner.IsInProcess;

    public async Task<StepAnswer> CallAsync(Step step, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var call = new CallRecord { At = recorder.Clock.GetUtcNow(), Step = step, Request = request };
        var started = recorder.Clock.GetTimestamp();
        try
        {
            var answer = await inner.CallAsync(step, request, cancellationToken).ConfigureAwait(false);
            await RecordAsync(call with { Algorithm = answer.From, Status = answer.Status, Reply = answer.Body }).ConfigureAwait(false);
            return answer;
        }
        catch (StepUnreachableException error)
        {
            await RecordAsync(call with { Algorithm = error.From, Error = ErrorOf(error) }).ConfigureAwait(false);
            throw;
        }

        Task RecordAsync(CallRecord done) => recorder.RecordAsync(done with { Duration = recorder.Clock.GetElapsedTime(started) });
    }

    public Task<StepAnswer> CallUnrecordedAsync(Step step, ReadOnlyMemory<byte> request, CancellationToken cancellationToken) =>
        inner.CallUnrecordedAsync(step, request, cancellationToken);

    public bool IsKnownStateless(Step step) => inner.IsKnownStateless(step);

    private static CallError ErrorOf(StepUnreachableException error) => new(error.InnerException!.GetType().Name, error.Message);
}
