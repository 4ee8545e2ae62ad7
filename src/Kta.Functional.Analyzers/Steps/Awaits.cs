using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Steps;

/// <summary>Where a step has given its thread back: what comes after an await runs on the pool.</summary>
internal static class Awaits
{
    /// <summary>Whether something runs after an await of its function, or of one that calls it.</summary>
    internal static bool Precede(IOperation operation, CalledFunction frame)
    {
        var function = FunctionAround(operation, frame);
        if (Of(function, frame).Any(one => Precedes(one, operation)))
        {
            return true;
        }

        // A lambda runs where it stands, or later. Whoever hands work over to other threads has decided for himself.
        return function switch
        {
            IAnonymousFunctionOperation lambda => !IsHandedOver(lambda) && Precede(lambda, frame),
            null => frame is { Caller: { } caller, Call: { } call } && Precede(call, caller),
            _ => false,
        };
    }

    /// <summary>Whether a task was awaited before, alone or among others, so that reading its result waits for nothing.</summary>
    internal static bool IsFinished(IOperation? task, CalledFunction frame)
    {
        var source = CalledFunction.Unwrapped(task) switch
        {
            IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } list } => CalledFunction.Unwrapped(list),
            IArrayElementReferenceOperation element => CalledFunction.Unwrapped(element.ArrayReference),
            var other => other,
        };
        if (source is IParameterReferenceOperation { Parameter.ContainingSymbol: IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } }
            || source is IInvocationOperation { TargetMethod: { Name: "FromResult", ContainingType.Name: "Task" or "ValueTask" } })
        {
            return true;
        }

        if (Variable(source) is not { } variable)
        {
            return false;
        }

        var all = frame.Bodies.SelectMany(body => body.Descendants()).ToList();
        var looped = all.OfType<IForEachLoopOperation>()
            .FirstOrDefault(loop => loop.Locals.Contains(variable, SymbolEqualityComparer.Default));
        ISymbol?[] names = [variable, looped is null ? null : Variable(CalledFunction.Unwrapped(looped.Collection))];
        return all.Any(one => one.Syntax.SpanStart < task!.Syntax.SpanStart && one switch
        {
            IAwaitOperation waits => waits.Descendants().Any(part => IsOneOf(names, part)),
            IPropertyReferenceOperation asked =>
                asked.Property.Name.StartsWith("IsCompleted", StringComparison.Ordinal) && IsOneOf(names, asked.Instance),
            _ => false,
        });
    }

    private static IEnumerable<IOperation> Of(IOperation? function, CalledFunction frame) =>
        (function is null ? frame.Bodies : [function]).SelectMany(body => body.Descendants())
        .Where(one => one is IAwaitOperation or IForEachLoopOperation { IsAsynchronous: true } && FunctionAround(one, frame) == function);

    private static bool Precedes(IOperation waits, IOperation operation)
    {
        if (waits.Syntax.SyntaxTree != operation.Syntax.SyntaxTree)
        {
            return false;
        }

        var around = new HashSet<IOperation>(Around(waits));
        IOperation inner = operation;
        foreach (var outer in Around(operation))
        {
            if (around.Contains(outer))
            {
                var isBefore = waits is IForEachLoopOperation ? outer == waits : waits.Syntax.Span.End <= operation.Syntax.SpanStart;
                var isOtherBranch = outer is ISwitchOperation or ISwitchExpressionOperation
                                    || outer is IConditionalOperation choice && inner == choice.WhenFalse && !Contains(choice.Condition, waits);
                return isBefore && !isOtherBranch || Around(operation).Any(loop => loop is ILoopOperation && around.Contains(loop));
            }

            inner = outer;
        }

        return false;
    }

    private static bool Contains(IOperation whole, IOperation part) => whole == part || Around(part).Contains(whole);

    /// <summary>The function within the frame: null for the code of the frame itself.</summary>
    private static IOperation? FunctionAround(IOperation operation, CalledFunction frame) =>
        frame.Bodies.Contains(operation) ? null
        : Around(operation).TakeWhile(outer => !frame.Bodies.Contains(outer))
            .FirstOrDefault(outer => outer is IAnonymousFunctionOperation or ILocalFunctionOperation);

    private static bool IsHandedOver(IOperation lambda) => Around(lambda).FirstOrDefault(outer => outer is not IDelegateCreationOperation and not IArgumentOperation) switch
    {
        IInvocationOperation call => call.TargetMethod is { Name: "Run" or "StartNew" or "QueueUserWorkItem" or "UnsafeQueueUserWorkItem" },
        IObjectCreationOperation creation => creation.Type?.Name is "Thread" or "Task",
        _ => false,
    };

    private static IEnumerable<IOperation> Around(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            yield return outer;
        }
    }

    private static bool IsOneOf(ISymbol?[] names, IOperation? operation) =>
        Variable(operation) is { } variable && names.Contains(variable, SymbolEqualityComparer.Default);

    private static ISymbol? Variable(IOperation? operation) => operation switch
    {
        ILocalReferenceOperation local => local.Local,
        IParameterReferenceOperation parameter => parameter.Parameter,
        IFieldReferenceOperation field => field.Field,
        _ => null,
    };
}
