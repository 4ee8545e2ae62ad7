using Kta.Functional.Analyzers.Steps;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Replay;

/// <summary>Which hash codes begin with a number that every process draws anew, or come from where an object lies.</summary>
internal static class HashCodes
{
    private static readonly HashSet<string> Stable =
        ["DateOnly", "DateTimeOffset", "Guid", "Half", "Index", "Rune", "TimeOnly", "TimeSpan", "Version"];

    internal static bool DifferByProcess(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        return method.Name switch
        {
            "Combine" or "ToHashCode" => Readings.FullName(method.ContainingType) == "System.HashCode",
            "GetHashCode" when method.Parameters.IsEmpty => call.Instance is { } value && DifferByProcess(CalledFunction.Unwrapped(value)?.Type),
            // A comparer, RuntimeHelpers, or string.GetHashCode of a span.
            "GetHashCode" => IsOfTheFramework(method.ContainingType)
                             && (call.Arguments.Length != 1 || call.Instance is null || IsOfText(method.ContainingType)
                                 || DifferByProcess(CalledFunction.Unwrapped(call.Arguments[0].Value)?.Type)),
            _ => false,
        };
    }

    private static bool DifferByProcess(ITypeSymbol? type, int depth = 0)
    {
        switch (type)
        {
            case null or ITypeParameterSymbol or IDynamicTypeSymbol or IErrorTypeSymbol or { TypeKind: TypeKind.Enum or TypeKind.Interface }:
                return false;
            case
            {
                SpecialType: >= SpecialType.System_Boolean and <= SpecialType.System_Double or SpecialType.System_DateTime
                or SpecialType.System_IntPtr or SpecialType.System_UIntPtr
            }:
                return false;
            case INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable:
                return DifferByProcess(nullable.TypeArguments[0], depth + 1);
            case INamedTypeSymbol { IsAnonymousType: true } anonymous:
                return depth < 8 && anonymous.GetMembers().OfType<IPropertySymbol>().Any(one => DifferByProcess(one.Type, depth + 1));
        }

        // Whatever is written out says itself what it computes, and is looked at there.
        var own = Override(type);
        return own is { IsImplicitlyDeclared: true, ContainingType: { IsValueType: true } record }
                ? depth < 8 && record.GetMembers().OfType<IFieldSymbol>().Any(field => !field.IsStatic && DifferByProcess(field.Type, depth + 1))
            : own is null or { IsImplicitlyDeclared: true } ? true
            : !own.DeclaringSyntaxReferences.IsEmpty ? false
            : IsOfTheFramework(own.ContainingType) ? !Stable.Contains(own.ContainingType.Name)
            : own.ContainingType.IsRecord;
    }

    private static IMethodSymbol? Override(ITypeSymbol type)
    {
        for (ITypeSymbol? one = type; one is { SpecialType: not (SpecialType.System_Object or SpecialType.System_ValueType) }; one = one.BaseType)
        {
            if (one.GetMembers("GetHashCode").OfType<IMethodSymbol>().FirstOrDefault(method => method.IsOverride) is { } method)
            {
                return method;
            }
        }

        return null;
    }

    private static bool IsOfText(INamedTypeSymbol comparer) => comparer.Name is "StringComparer" or "CompareInfo";

    private static bool IsOfTheFramework(INamedTypeSymbol type) =>
        type.ContainingNamespace?.ToDisplayString() is { } space && (space == "System" || space.StartsWith("System.", StringComparison.Ordinal));
}
