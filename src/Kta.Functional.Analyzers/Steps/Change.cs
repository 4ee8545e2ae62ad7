using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Steps;

/// <summary>Something that is written: where, how a message says it, and the values that are stored.</summary>
internal sealed class Change(IOperation place, string verb, string what, IReadOnlyList<IOperation> stored)
{
    internal IOperation Place { get; } = place;

    /// <summary>For messages: <c>assigns</c>, <c>calls List.Add on</c>.</summary>
    internal string Verb { get; } = verb;

    /// <summary>For messages: <c>captured variable 'x'</c>.</summary>
    internal string What { get; } = what;

    internal IReadOnlyList<IOperation> Stored { get; } = stored;

    /// <summary>The changes an operation makes to what outlives the call.</summary>
    internal static IEnumerable<Change> By(IOperation operation, CalledFunction frame)
    {
        switch (operation)
        {
            case var _ when frame.IsInitial:
                return [];
            case ISimpleAssignmentOperation assignment:
                return To(assignment.Target, operation, "assigns", frame, assignment.Value);
            case ICoalesceAssignmentOperation assignment:
                return To(assignment.Target, operation, "assigns", frame, assignment.Value);
            case ICompoundAssignmentOperation assignment:
                return To(assignment.Target, operation, "changes", frame, assignment.Value);
            case IIncrementOrDecrementOperation step:
                return To(step.Target, operation, "changes", frame);
            case IEventAssignmentOperation subscription:
                return To(subscription.EventReference, operation, "subscribes to", frame, subscription.HandlerValue);
            case IDeconstructionAssignmentOperation deconstruction:
                return Elements(deconstruction.Target).SelectMany(one => To(one, operation, "assigns", frame, deconstruction.Value));
            case IArgumentOperation { Parameter.RefKind: RefKind.Ref or RefKind.Out } argument when !OnlyReads(argument):
                return To(argument.Value, operation, "passes by reference", frame);
            case IInvocationOperation call when MutableCollections.Changed(call) is { } collection && frame.Outliving(collection) is { } what:
                return
                [
                    new(
                        operation,
                        $"calls {call.TargetMethod.ContainingType.Name}.{call.TargetMethod.Name} on",
                        what,
                        [.. call.Arguments.Select(argument => argument.Value).Where(value => value != collection)]),
                ];
            default:
                return [];
        }
    }

    private static IEnumerable<Change> To(IOperation? target, IOperation place, string verb, CalledFunction frame, params IOperation[] stored) =>
        frame.Target(target) is { } what ? [new(place, verb, what, stored)] : [];

    private static IEnumerable<IOperation> Elements(IOperation target) =>
        target is ITupleOperation tuple ? tuple.Elements.SelectMany(Elements) : [target];

    private static bool OnlyReads(IArgumentOperation argument) =>
        argument.Parent is IInvocationOperation { TargetMethod: { Name: "Read", ContainingType.Name: "Volatile" or "Interlocked" } };
}
