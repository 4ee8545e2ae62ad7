using static System.FormattableString;

namespace Kta.Functional.Testing;

/// <summary>What goes wrong between the operator and a step, in one attempt at an iteration. See <see cref="FakeOperator{TMonitor, TAnalyze}.IterateAsync"/>.</summary>
public sealed class CallFault
{
    private CallFault(Step step, CallFaultKind kind) => (Step, Kind) = (step, kind);

    /// <summary>The step that is called.</summary>
    public Step Step { get; }

    internal CallFaultKind Kind { get; }

    /// <summary>The request arrives piece by piece, within 0.2 s. The attempt succeeds.</summary>
    /// <param name="step">The step that is called.</param>
    public static CallFault SlowRequest(Step step) => new(step, CallFaultKind.SlowRequest);

    /// <summary>The call does not arrive. The iteration is tried again.</summary>
    /// <param name="step">The step that is called.</param>
    public static CallFault Unreachable(Step step) => new(step, CallFaultKind.Unreachable);

    /// <summary>
    /// The operator goes away when the step begins, so that its token fires; of a step that is served elsewhere, when the request has been
    /// sent. The iteration is tried again.
    /// </summary>
    /// <param name="step">The step that is called.</param>
    public static CallFault CallerGone(Step step) => new(step, CallFaultKind.CallerGone);

    /// <summary>The step answers, but the operator does not get the answer, as if it came too late. The iteration is tried again, with the same id.</summary>
    /// <param name="step">The step that is called.</param>
    public static CallFault ReplyLost(Step step) => new(step, CallFaultKind.ReplyLost);

    /// <summary>Refuses faults that cannot occur: a test that expects what they lead to would not test it.</summary>
    internal static void Check(CallFault[] faults, int attempts, Func<Step, bool> isServed)
    {
        for (var i = 0; i < faults.Length; i++)
        {
            var fault = faults[i] ?? throw new ArgumentException(
                Invariant($"The fault of attempt {i + 1} is null. The attempts after the last fault are in order; for one that is, give no fault."), nameof(faults));
            if (!isServed(fault.Step))
            {
                throw new ArgumentException($"{fault.Step.Name()} is not served, so nothing can go wrong with it.", nameof(faults));
            }
        }

        var slow = Array.FindIndex(faults, fault => fault.Kind == CallFaultKind.SlowRequest);
        var last = slow >= 0 && slow < attempts ? slow + 1 : attempts;
        if (faults.Length > last)
        {
            var never = faults.Select((fault, i) => Invariant($"attempt {i + 1}: {fault}")).Skip(last);
            throw new ArgumentException(
                Invariant($"These faults cannot occur, for {(last == attempts ? $"an iteration is tried {attempts} times at most" : $"attempt {last} succeeds ({faults[slow]})")}: ")
                + $"{string.Join("; ", never)}. Each fault is that of one attempt; leave these out, or give them to an iteration of their own.",
                nameof(faults));
        }
    }

    /// <summary>What happens: <c>the reply of plan was lost</c>.</summary>
    public override string ToString() => Kind switch
    {
        CallFaultKind.SlowRequest => $"the request for {Step.Name()} came piece by piece",
        CallFaultKind.Unreachable => $"the request for {Step.Name()} did not arrive",
        CallFaultKind.CallerGone => $"the operator went away while {Step.Name()} was called",
        _ => $"the reply of {Step.Name()} was lost",
    };
}

/// <summary>The kinds of faults.</summary>
internal enum CallFaultKind
{
    SlowRequest,
    Unreachable,
    CallerGone,
    ReplyLost,
}
