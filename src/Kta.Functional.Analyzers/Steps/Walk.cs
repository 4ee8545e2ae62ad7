using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Steps;

/// <summary>
/// Shows a rule everything that runs in a step: its body, the lambdas and local functions in it, and the methods of the
/// same compilation it calls. Each of them once; so recursion ends.
/// </summary>
internal sealed class Walk(KnownTypes known, MethodBodies bodies, Action<IOperation, Frame> inspect, CancellationToken cancellationToken)
{
    private const int DeepestPath = 12;
    private const int MostMethods = 1_000;

    private readonly HashSet<ISymbol> _visited = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _visitedOnLastingObject = new(SymbolEqualityComparer.Default);

    internal void Through(Frame frame, bool follow)
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
            if (follow && frame.Depth < DeepestPath && _visited.Count + _visitedOnLastingObject.Count < MostMethods)
            {
                Follow(operation, frame);
            }

            foreach (var child in operation.ChildOperations.Reverse())
            {
                pending.Push(child);
            }
        }
    }

    private bool IsStepOfItsOwn(IOperation operation, Frame frame) =>
        !frame.Bodies.Contains(operation)
        && operation switch
        {
            IAnonymousFunctionOperation lambda => known.StepOf(lambda.Symbol) is not null,
            ILocalFunctionOperation local => known.StepOf(local.Symbol) is not null,
            _ => false,
        };

    private void Follow(IOperation operation, Frame frame)
    {
        switch (operation)
        {
            case IInvocationOperation call:
                Enter(call.TargetMethod, call.Instance, call.TargetMethod.Name, operation, frame);
                break;
            case IObjectCreationOperation { Constructor: { } constructor }:
                Enter(constructor, null, $"new {constructor.ContainingType.Name}", operation, frame);
                break;
            case IPropertyReferenceOperation { Property.GetMethod: { } getter } reference when !IsOnlyWritten(reference):
                Enter(getter, reference.Instance, reference.Property.Name, operation, frame);
                break;
            case IMethodReferenceOperation { Method: { MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction } method } reference:
                Enter(method, reference.Instance, method.Name, operation, frame);
                break;
        }
    }

    private static bool IsOnlyWritten(IPropertyReferenceOperation reference) =>
        reference.Parent is ISimpleAssignmentOperation assignment && assignment.Target == reference;

    private void Enter(IMethodSymbol method, IOperation? instance, string name, IOperation call, Frame frame)
    {
        // What takes a context is looked at as a step of its own.
        if (method.DeclaringSyntaxReferences.IsEmpty || known.StepOf(method) is not null)
        {
            return;
        }

        var outlives = method.MethodKind != MethodKind.Constructor && !method.IsStatic && ObjectOutlives(method, instance, frame);
        if (!(outlives ? _visitedOnLastingObject : _visited).Add(method.OriginalDefinition) || bodies.Of(method, cancellationToken) is not { } body)
        {
            return;
        }

        if (body.Syntax.SyntaxTree == frame.Scope.SyntaxTree && frame.Scope.Span.Contains(body.Syntax.Span))
        {
            // A local function of the step: its body is walked where it stands.
            return;
        }

        Through(new Frame(frame.Step, $"{frame.Path} → {name}", body.Syntax, [body], outlives, frame.Entry ?? call, frame.Depth + 1), follow: true);
    }

    /// <summary>
    /// Whether the object behind a called method is still there at the next call. Monitor may use clients, and what a
    /// client remembers is its own business; the state of the algorithm's object is not.
    /// </summary>
    private static bool ObjectOutlives(IMethodSymbol method, IOperation? instance, Frame frame) =>
        method.MethodKind == MethodKind.LocalFunction ? frame.ObjectOutlives
        : Frame.Unwrapped(instance) is { } owner
          && (owner is IInstanceReferenceOperation || frame.Step != StepKind.Monitor)
          && frame.Outliving(owner) is not null;
}
