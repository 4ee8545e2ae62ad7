using Kta.Functional.Calls;

namespace Kta.Functional.Recording;

/// <summary>Calls of steps that are recorded, wherever they are served.</summary>
/// <param name="recorder">Takes the calls.</param>
/// <param name="inner">Makes them.</param>
/// <param name="nameOf">The name of what answers a step, and its version.</param>
internal sealed class RecordedCalls(CallRecorder recorder, StepHandler inner, Func<Step, (string Name, string Version)> nameOf)
{
    internal async Task<StepReply> CallAsync(Step step, ReadOnlyMemory<byte> request, CancellationToken callerGone)
    {
        var (name, version) = nameOf(step);
        var call = new CallRecord { At = recorder.Clock.GetUtcNow(), Algorithm = name, Version = version, Step = step, Request = request };
        var started = recorder.Clock.GetTimestamp();
        try
        {
            var reply = await inner(step, request, callerGone).ConfigureAwait(false);
            await EndAsync(reply.CallerHasGone
                ? call with { Error = CallError.CallerGone }
                : call with { Status = reply.StatusCode, Reply = reply.Body, Error = reply.Error is { } failed ? CallError.Of(failed) : null, Reasons = CallRecord.ReasonsOf(reply.Explanation) }).ConfigureAwait(false);
            return reply;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            await EndAsync(call with { Error = CallError.OfUnanswered(error) }).ConfigureAwait(false);
            throw;
        }

        Task EndAsync(CallRecord ended) => recorder.RecordAsync(ended with { Duration = recorder.Clock.GetElapsedTime(started) });
    }
}
