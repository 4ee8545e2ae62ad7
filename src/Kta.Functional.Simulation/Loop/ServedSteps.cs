using Kta.Functional.Calls;
using Kta.Functional.Recording;

namespace Kta.Functional.Simulation;

/// <summary>Answers a call whose body is only written for who needs it.</summary>
internal delegate Task<StepReply> RequestHandler(Step step, OperatorRequest request, CancellationToken cancellationToken);

/// <summary>The steps of a loop, wherever they are served: in this process or elsewhere.</summary>
/// <param name="Bytes">Calls a step with the bytes of its request.</param>
/// <param name="Values">Hands a request over within this process, where requests may also be made up; null for steps that are elsewhere.</param>
/// <param name="Steps">The steps there are.</param>
internal sealed record ServedSteps(StepHandler Bytes, RequestHandler? Values, IReadOnlyDictionary<Step, ServedStep> Steps)
{
    /// <summary>Asks for a plan with its reasons, where plan itself does not tell them; null if nobody is to be asked.</summary>
    internal Func<ReadOnlyMemory<byte>, CancellationToken, Task<ReadOnlyMemory<byte>?>>? Explain { get; init; }

    internal bool IsInProcess => Values is not null;

    internal bool HasAnalyze => Steps.ContainsKey(Step.Analyze);

    /// <summary>Asks a step of this process what is no part of the run; null for steps that are elsewhere, where every question is a call.</summary>
    internal RequestHandler? Questions { get; init; }

    /// <summary>A call that is no part of the run.</summary>
    internal RequestHandler Unrecorded => Questions ?? Written(Bytes);

    /// <summary>A call of the run; a recorder gets the bytes that would go over HTTP.</summary>
    internal RequestHandler RecordedBy(CallRecorder? recorder) =>
        recorder is null
            ? Values ?? Written(Bytes)
            : Written(new RecordedCalls(recorder, Bytes, step => (Steps[step].Name, Steps[step].Version)).CallAsync);

    /// <summary>The same with something else as monitor.</summary>
    internal ServedSteps WithMonitor(string name, Func<StepReply> answer) => this with
    {
        Bytes = (step, body, token) => step == Step.Monitor ? Task.FromResult(answer()) : Bytes(step, body, token),
        Values = WithMonitor(Values, answer),
        Questions = WithMonitor(Questions, answer),
        Steps = new Dictionary<Step, ServedStep>(Steps) { [Step.Monitor] = new(name, IsKnownStateless: true) },
    };

    private static RequestHandler? WithMonitor(RequestHandler? inner, Func<StepReply> answer) =>
        inner is null ? null : (step, request, token) => step == Step.Monitor ? Task.FromResult(answer()) : inner(step, request, token);

    private static RequestHandler Written(StepHandler call) => (step, request, token) => call(step, request.ToUtf8(), token);
}

/// <summary>Who serves a step.</summary>
/// <param name="Name">The name of the algorithm, or the address, for messages.</param>
/// <param name="Version">The version of the algorithm; empty if it is not known.</param>
/// <param name="IsKnownStateless">Whether the step need not be asked twice.</param>
internal sealed record ServedStep(string Name, string Version = "", bool IsKnownStateless = false);

/// <summary>A step that could not be called at all.</summary>
internal sealed class StepUnreachableException(string message, Exception inner) : Exception(message, inner);
