using Kta.Functional.Analyzers.Steps;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Rules;

/// <summary>The entries that are written out in a call of <c>Plan.Of</c>.</summary>
internal static class PlanEntries
{
    /// <summary>Null where the entries come from elsewhere.</summary>
    internal static IReadOnlyList<(IOperation Node, IOperation Parallelism)>? Of(IInvocationOperation call)
    {
        if (call.Arguments.Length != 1)
        {
            return null;
        }

        var elements = CalledFunction.Unwrapped(call.Arguments[0].Value) switch
        {
            IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
            IArrayCreationOperation { DimensionSizes: [{ ConstantValue: { HasValue: true, Value: 0 } }] } => [],
            ICollectionExpressionOperation collection => collection.Elements,
            _ => default,
        };
        if (elements.IsDefault)
        {
            return null;
        }

        var entries = new List<(IOperation, IOperation)>();
        foreach (var element in elements)
        {
            if (CalledFunction.Unwrapped(element) is not ITupleOperation { Elements: [var node, var parallelism] })
            {
                return null;
            }

            entries.Add((node, parallelism));
        }

        return entries;
    }
}
