namespace Kta.Functional.Calls;

/// <summary>Answers a call of a step, wherever it is served: <see cref="StepRunner.RunAsync(Step, ReadOnlyMemory{byte}, CancellationToken)"/>, the same recorded, or a server elsewhere.</summary>
/// <param name="step">The step.</param>
/// <param name="request">The body of the request. Must not change until the reply says <see cref="StepReply.RequestIsFree"/>.</param>
/// <param name="callerGone">Fires when nobody waits for the reply any more.</param>
public delegate Task<StepReply> StepHandler(Step step, ReadOnlyMemory<byte> request, CancellationToken callerGone);
