using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Steps;

/// <summary>Values that are, hold, or later read what a call was given.</summary>
internal static class KeptContext
{
    /// <summary>What is kept with a value, for messages; null if nothing of the call is.</summary>
    internal static string? In(IOperation value, KnownTypes known, int depth = 0)
    {
        value = CalledFunction.Unwrapped(value) ?? value;
        if (known.IsOfACall(value.Type))
        {
            return $"'{value.Syntax.ToString().FirstLine()}'";
        }

        if (depth > 16)
        {
            return null;
        }

        return value switch
        {
            IArgumentOperation argument => In(argument.Value, known, depth + 1),
            IInvocationOperation { TargetMethod: { IsExtensionMethod: true } method } query
                when IsLazy(query.Type) && (query.Instance ?? query.Arguments.FirstOrDefault()?.Value) is { } source
                     && method.ContainingNamespace is { Name: "Linq" } =>
                In(source, known, depth + 1) is null ? null : $"a query over {In(source, known, depth + 1)}",
            IDelegateCreationOperation { Target: IAnonymousFunctionOperation lambda } => CapturedBy(lambda, known),
            _ => null,
        };
    }

    private static string? CapturedBy(IAnonymousFunctionOperation lambda, KnownTypes known) =>
        lambda.Body.Descendants()
            .Select(operation => operation switch
            {
                IParameterReferenceOperation { Parameter: var parameter } => (Symbol: (ISymbol)parameter, parameter.Type),
                ILocalReferenceOperation { Local: var local } => (local, local.Type),
                _ => default,
            })
            .Where(one => one.Symbol is not null
                          && known.IsOfACall(one.Type)
                          && !one.Symbol.DeclaringSyntaxReferences.Any(declared => lambda.Syntax.FullSpan.Contains(declared.Span)))
            .Select(one => $"a function that reads '{one.Symbol.Name}'")
            .FirstOrDefault();

    private static bool IsLazy(ITypeSymbol? type) =>
        type is INamedTypeSymbol { TypeKind: TypeKind.Interface, Name: "IEnumerable" or "IOrderedEnumerable" or "IAsyncEnumerable" or "IQueryable" };

    private static string FirstLine(this string text)
    {
        var end = text.IndexOfAny(['\r', '\n']);
        return end < 0 ? text : text.Substring(0, end) + " …";
    }
}
