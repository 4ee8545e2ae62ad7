using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Steps;

/// <summary>
/// Shows a rule everything that runs in a step: its body, the lambdas and local functions in it, the methods of the same
/// compilation it calls, and what the things it reads were made of. Each of them once; so recursion ends.
/// </summary>
internal sealed class CallWalk(KnownTypes known, MethodBodies bodies, Action<IOperation, CalledFunction> inspect, CancellationToken cancellationToken)
{
    private const int DeepestPath = 12;
    private const int MostMethods = 1_000;

    private readonly Initial _initial = new(bodies, cancellationToken);
    private readonly HashSet<ISymbol> _visited = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _visitedOnLastingObject = new(SymbolEqualityComparer.Default);
    private readonly HashSet<SyntaxNode> _visitedValues = [];

    internal void Through(CalledFunction frame, bool follow)
    {
        var pending = new Stack<IOperation>(frame.Bodies.Reverse());
        while (pending.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var operation = pending.Pop();
            if (IsStepOfItsOwn(operation, frame))
            {
                continue;
            }

            // Names are not evaluated: nameof(DateTime.Now) reads no clock.
            if (operation is INameOfOperation)
            {
                continue;
            }

            inspect(operation, frame);
            if (follow && !frame.IsInitial && frame.Depth < DeepestPath
                && _visited.Count + _visitedOnLastingObject.Count + _visitedValues.Count < MostMethods)
            {
                Follow(operation, frame);
            }

            foreach (var child in operation.ChildOperations.Reverse())
            {
                pending.Push(child);
            }
        }
    }

    private bool IsStepOfItsOwn(IOperation operation, CalledFunction frame) =>
        !frame.Bodies.Contains(operation) && IsStep(operation);

    private bool IsStep(IOperation operation) => operation switch
    {
        IAnonymousFunctionOperation lambda => known.StepOf(lambda.Symbol) is not null,
        ILocalFunctionOperation local => known.StepOf(local.Symbol) is not null,
        _ => false,
    };

    private void Follow(IOperation operation, CalledFunction frame)
    {
        if (Callee.Of(operation, frame) is { } callee)
        {
            Enter(callee, operation, frame);
        }

        if (operation is IObjectCreationOperation { Type: INamedTypeSymbol type })
        {
            foreach (var (member, value) in _initial.Made(type))
            {
                EnterValue(value, $"new {type.Name} → {member.Name}", operation, frame, isInitial: false);
            }
        }

        foreach (var (symbol, value) in _initial.Read(operation, frame))
        {
            EnterValue(value, symbol.Name, operation, frame, isInitial: true);
        }
    }

    private void Enter(Callee callee, IOperation call, CalledFunction frame)
    {
        // What takes a context is looked at as a step of its own.
        var method = callee.Method;
        if (method.DeclaringSyntaxReferences.IsEmpty || known.StepOf(method) is not null)
        {
            return;
        }

        var outlives = method.MethodKind != MethodKind.Constructor && !method.IsStatic && ObjectOutlives(method, callee.Instance, frame);
        if ((outlives ? _visitedOnLastingObject : _visited).Add(method.OriginalDefinition)
            && bodies.Of(method, cancellationToken) is { } body
            && !IsWithin(frame, body))
        {
            Through(new CalledFunction(frame, call, callee.Name, body, outlives), follow: true);
        }
    }

    /// <summary>
    /// A function that was made before runs when it is called, and may call others; any other value was computed once, with
    /// whatever that took, and only what it shows itself is of interest.
    /// </summary>
    private void EnterValue(IOperation value, string name, IOperation read, CalledFunction frame, bool isInitial)
    {
        var function = CalledFunction.Unwrapped(value) switch
        {
            IDelegateCreationOperation creation => creation.Target,
            var other => other is IAnonymousFunctionOperation or IMethodReferenceOperation ? other : null,
        };
        if (!(function is not null && IsStep(function)) && !IsWithin(frame, value) && _visitedValues.Add(value.Syntax))
        {
            Through(
                new CalledFunction(frame, read, name, function ?? value, objectOutlives: isInitial, isInitial: isInitial && function is null),
                follow: true);
        }
    }

    /// <summary>What stands in the function itself, as a local function does, is walked where it stands.</summary>
    private static bool IsWithin(CalledFunction frame, IOperation body) =>
        body.Syntax.SyntaxTree == frame.Scope.SyntaxTree && frame.Scope.Span.Contains(body.Syntax.Span);

    /// <summary>
    /// Whether the object behind a called method is still there at the next call. Monitor may use clients, and what a
    /// client remembers is its own business; the state of the algorithm's object is not.
    /// </summary>
    private static bool ObjectOutlives(IMethodSymbol method, IOperation? instance, CalledFunction frame) =>
        method.MethodKind == MethodKind.LocalFunction ? frame.ObjectOutlives
        : CalledFunction.Unwrapped(instance) is { } owner
          && (owner is IInstanceReferenceOperation || frame.Step != StepKind.Monitor)
          && frame.Outliving(owner) is not null;
}
