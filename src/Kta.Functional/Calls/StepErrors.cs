using Kta.Functional.Wire;

namespace Kta.Functional.Calls;

/// <summary>What went wrong in a call, in words for the one who has to mend it.</summary>
internal static class StepErrors
{
    /// <summary>The answer to a call that failed; ends it.</summary>
    internal static StepReply Reply(Step step, KtaException error, ReceivedRequest? received, RequestBody body) =>
        StepReply.Failure(
            error,
            Message(step, error),
            received?.Id ?? (error as InvalidRequestException)?.IterationId,
            received?.SkippedEntries ?? [],
            body.Close());

    /// <summary>What the reply says.</summary>
    internal static string Message(Step step, KtaException error) =>
        SafeExcerpt.OfMessage(error is InvalidRequestException ? $"The request to {step.Name()} is not valid: {error.Message}" : error.Message);

    internal static KtaException Explain(Step step, Exception thrown) => Relevant(thrown) switch
    {
        InvalidRequestException request => request,
        IllegalAccessException access => access,
        UdfResultException result => new UdfResultException($"{step.Name()} failed: {result.Message}", ThrownText.Printable(result)),
        var other => new UdfException($"{step.Name()} threw {ThrownText.Describe(other)}", ThrownText.Printable(other)),
    };

    /// <summary>What to do when memory is short.</summary>
    internal const string AdviceOnMemory = "Set resultHistoryLength in the policy, give the process more memory, or run more replicas.";

    internal static string NoMemory(Step step) => $"There is not enough memory to serve {step.Name()}. {AdviceOnMemory}";

    /// <summary>What went wrong outside of the function.</summary>
    internal static InternalErrorException Unexpected(Step step, Exception thrown) => new(
        thrown is OutOfMemoryException
            ? NoMemory(step)
            : $"The SDK failed while serving {step.Name()}: {ThrownText.Describe(thrown)} " +
              "This is a defect of Kta.Functional, please report it with the log.",
        ThrownText.Printable(thrown));

    /// <summary>Our own errors keep their meaning when a function wraps them.</summary>
    private static Exception Relevant(Exception thrown)
    {
        for (var error = thrown; error is not null; error = error.InnerException)
        {
            if (error is InvalidRequestException or UdfResultException or IllegalAccessException)
            {
                return error;
            }
        }

        return thrown;
    }
}
