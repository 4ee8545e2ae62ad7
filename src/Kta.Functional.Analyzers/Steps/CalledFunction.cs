using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Steps;

/// <summary>A function on the way from a step to what it calls, and what outlives a call as seen from inside of it.</summary>
internal sealed class CalledFunction
{
    private const int DeepestAlias = 8;

    private Dictionary<ISymbol, IOperation>? _initial;

    /// <summary>The step itself.</summary>
    internal CalledFunction(StepKind step, string path, SyntaxNode scope, IReadOnlyList<IOperation> bodies)
    {
        (Step, Path, Scope, Bodies, ObjectOutlives) = (step, path, scope, bodies, true);
    }

    /// <summary>What an operation of the caller leads to.</summary>
    internal CalledFunction(CalledFunction caller, IOperation call, string name, IOperation body, bool objectOutlives, bool isInitial = false)
        : this(caller.Step, $"{caller.Path} → {name}", body.Syntax, [body])
    {
        (Caller, Call, Entry, Depth) = (caller, call, caller.Entry ?? call, caller.Depth + 1);
        (ObjectOutlives, IsInitial) = (objectOutlives, isInitial);
    }

    internal StepKind Step { get; }

    /// <summary>For messages: <c>plan → Helper</c>.</summary>
    internal string Path { get; }

    /// <summary>The whole function; what is declared in it is its own.</summary>
    internal SyntaxNode Scope { get; }

    internal IReadOnlyList<IOperation> Bodies { get; }

    /// <summary>Whether <c>this</c> is still there at the next call.</summary>
    internal bool ObjectOutlives { get; }

    /// <summary>Where this is called; null in the step.</summary>
    internal CalledFunction? Caller { get; }

    /// <summary>What calls this, in the caller; null in the step.</summary>
    internal IOperation? Call { get; }

    /// <summary>The call in the step itself that led here; null in the step.</summary>
    internal IOperation? Entry { get; }

    /// <summary>Whether this is what something was given once, before the call: it is read by every call, and not run by it.</summary>
    internal bool IsInitial { get; }

    internal int Depth { get; }

    /// <summary>What a write to this place changes, or null if it is gone with the call.</summary>
    internal string? Target(IOperation? place) => Unwrapped(place) switch
    {
        ILocalReferenceOperation { Local: { IsRef: false } local } => IsOwn(local) ? null : Captured(local),
        IParameterReferenceOperation { Parameter: var parameter } => IsOwn(parameter) ? null : Captured(parameter),
        IPropertyReferenceOperation { Property: { IsIndexer: false } property } reference => Member("property", property, reference.Instance),
        IEventReferenceOperation reference => Member("event", reference.Event, reference.Instance),
        var other => Outliving(other),
    };

    /// <summary>What this value is reachable from once the call has ended, or null if nothing is known.</summary>
    internal string? Outliving(IOperation? value, int depth = 0)
    {
        if (depth > DeepestAlias)
        {
            return null;
        }

        switch (Unwrapped(value))
        {
            case ILocalReferenceOperation { Local: { IsConst: false } local }:
                return !IsOwn(local) ? Captured(local)
                    : (local.IsRef || local.Type is { IsReferenceType: true }) && Initial(local) is { } initial ? Outliving(initial, depth + 1)
                    : null;
            case IParameterReferenceOperation { Parameter: var parameter }:
                return IsOwn(parameter) ? null : Captured(parameter);
            case IFieldReferenceOperation { Field: { IsConst: false } field } reference:
                return Member("field", field, reference.Instance, depth);
            case IPropertyReferenceOperation { Property: { IsIndexer: true } } reference:
                return Outliving(reference.Instance, depth + 1);
            case IPropertyReferenceOperation { Property: var property } reference:
                return IsComputed(property) ? null : Member("property", property, reference.Instance, depth);
            case IArrayElementReferenceOperation element:
                return Outliving(element.ArrayReference, depth + 1);
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }:
                return ObjectOutlives ? "its own object" : null;
            case IConditionalAccessInstanceOperation instance:
                return Outliving(AccessedBy(instance), depth + 1);
            case ICoalesceOperation coalesce:
                return Outliving(coalesce.Value, depth + 1);
            case IInvocationOperation { TargetMethod.ReturnsByRef: true } call:
                return Outliving(call.Instance ?? call.Arguments.FirstOrDefault()?.Value, depth + 1);
            default:
                return null;
        }
    }

    internal static IOperation? Unwrapped(IOperation? operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation { OperatorMethod: null } conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation parenthesized:
                    operation = parenthesized.Operand;
                    break;
                case IConditionalAccessOperation access:
                    operation = access.WhenNotNull;
                    break;
                default:
                    return operation;
            }
        }
    }

    private static string Captured(ISymbol symbol) => $"captured variable '{symbol.Name}'";

    private string? Member(string kind, ISymbol member, IOperation? instance, int depth = 0) =>
        member.IsStatic ? $"static {kind} '{member.ContainingType.Name}.{member.Name}'"
        : Unwrapped(instance) is IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance }
            ? ObjectOutlives ? $"{kind} '{member.Name}'" : null
        : Outliving(instance, depth + 1) is { } owner ? $"{kind} '{member.Name}' of {owner}"
        : null;

    /// <summary>A property with a body of its own may answer something new at every call.</summary>
    private static bool IsComputed(IPropertySymbol property) =>
        !property.DeclaringSyntaxReferences.IsEmpty
        && !property.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));

    /// <summary>Whether this variable is declared in here, and not captured.</summary>
    internal bool IsOwn(ISymbol variable) =>
        variable.DeclaringSyntaxReferences.IsEmpty
        ? variable.ContainingSymbol.Name != WellKnownMemberNames.TopLevelStatementsEntryPointMethodName
        : variable.DeclaringSyntaxReferences.Any(
            declaration => declaration.SyntaxTree == Scope.SyntaxTree && Scope.FullSpan.Contains(declaration.Span));

    private static IOperation? AccessedBy(IConditionalAccessInstanceOperation instance)
    {
        IOperation inner = instance;
        for (var outer = instance.Parent; outer is not null; (inner, outer) = (outer, outer.Parent))
        {
            if (outer is IConditionalAccessOperation access && access.WhenNotNull == inner)
            {
                return access.Operation;
            }
        }

        return null;
    }

    /// <summary>What a variable was declared with: <c>var list = captured;</c> is another name for what was captured.</summary>
    private IOperation? Initial(ILocalSymbol local)
    {
        if (_initial is null)
        {
            var initial = new Dictionary<ISymbol, IOperation>(SymbolEqualityComparer.Default);
            foreach (var declarator in Bodies.SelectMany(body => body.Descendants()).OfType<IVariableDeclaratorOperation>())
            {
                if ((declarator.Initializer ?? (declarator.Parent as IVariableDeclarationOperation)?.Initializer)?.Value is { } first)
                {
                    initial[declarator.Symbol] = first;
                }
            }

            // A variable that is given something else later is no other name for what it began with.
            foreach (var assigned in Bodies.SelectMany(body => body.Descendants()).OfType<ISimpleAssignmentOperation>())
            {
                if (assigned.Target is ILocalReferenceOperation { Local: { IsRef: false } variable })
                {
                    initial.Remove(variable);
                }
            }

            _initial = initial;
        }

        return _initial.TryGetValue(local, out var value) ? value : null;
    }
}
