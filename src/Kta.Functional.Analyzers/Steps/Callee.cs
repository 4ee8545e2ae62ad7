using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Steps;

/// <summary>The method an operation runs: written as a call, or hidden in a constructor, a property, an operator or a conversion.</summary>
internal readonly struct Callee(IMethodSymbol method, IOperation? instance)
{
    private static readonly SymbolDisplayFormat OperatorName =
        new(miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    internal IMethodSymbol Method { get; } = method;

    internal IOperation? Instance { get; } = instance;

    /// <summary>For messages: <c>Helper</c>, <c>new Clock</c>, <c>operator +</c>.</summary>
    internal string Name => Method.MethodKind switch
    {
        MethodKind.Constructor => $"new {Method.ContainingType.Name}",
        MethodKind.PropertyGet or MethodKind.PropertySet => Method.AssociatedSymbol?.Name ?? Method.Name,
        MethodKind.UserDefinedOperator or MethodKind.Conversion => Method.ToDisplayString(OperatorName),
        _ => Method.Name,
    };

    internal static Callee? Of(IOperation operation, CalledFunction frame) => operation switch
    {
        IInvocationOperation call => new(call.TargetMethod, call.Instance),
        IObjectCreationOperation { Constructor: { } constructor } => new(constructor, null),
        IPropertyReferenceOperation { Property: { GetMethod: { } getter } } reference when !IsOnlyWritten(reference) =>
            new(getter, reference.Instance),
        // A property of something that lasts is reported for itself.
        IPropertyReferenceOperation { Property: { SetMethod: { } setter } } reference
            when IsOnlyWritten(reference) && frame.Target(reference) is null => new(setter, reference.Instance),
        IMethodReferenceOperation { Method: { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction } method } reference =>
            new(method, reference.Instance),
        IBinaryOperation { OperatorMethod: { } method } => new(method, null),
        IUnaryOperation { OperatorMethod: { } method } => new(method, null),
        IConversionOperation { OperatorMethod: { } method } => new(method, null),
        ICompoundAssignmentOperation { OperatorMethod: { } method } => new(method, null),
        IIncrementOrDecrementOperation { OperatorMethod: { } method } => new(method, null),
        _ => null,
    };

    internal static bool IsOnlyWritten(IPropertyReferenceOperation reference) =>
        reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference;
}
