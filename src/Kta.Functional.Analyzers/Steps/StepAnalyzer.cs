using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Steps;

/// <summary>
/// Finds the steps: lambdas, methods and local functions that take the context of a step and answer something. A rule says
/// what it looks for in everything that runs there.
/// </summary>
internal abstract class StepAnalyzer : DiagnosticAnalyzer
{
    /// <summary>Whether what happens in called methods counts too.</summary>
    protected virtual bool FollowsCalls => true;

    public sealed override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (KnownTypes.Of(start.Compilation) is not { IsLibraryItself: false } known)
            {
                return;
            }

            var bodies = new MethodBodies(start.Compilation);
            start.RegisterOperationAction(
                found =>
                {
                    var lambda = (IAnonymousFunctionOperation)found.Operation;
                    Look(lambda.Symbol, [lambda], known, bodies, found.ReportDiagnostic, found.CancellationToken);
                },
                OperationKind.AnonymousFunction);
            start.RegisterOperationAction(
                found =>
                {
                    var local = (ILocalFunctionOperation)found.Operation;
                    Look(local.Symbol, [local], known, bodies, found.ReportDiagnostic, found.CancellationToken);
                },
                OperationKind.LocalFunction);
            start.RegisterOperationBlockAction(found =>
            {
                if (found.OwningSymbol is IMethodSymbol method)
                {
                    Look(method, found.OperationBlocks, known, bodies, found.ReportDiagnostic, found.CancellationToken);
                }
            });
        });
    }

    /// <summary>Called for everything that runs in a step, in the order of the text.</summary>
    protected abstract void Inspect(IOperation operation, CalledFunction frame, StepReport report);

    private void Look(
        IMethodSymbol function,
        IReadOnlyList<IOperation> code,
        KnownTypes known,
        MethodBodies bodies,
        Action<Diagnostic> publish,
        CancellationToken cancellationToken)
    {
        if (code.Count == 0 || function.DeclaringSyntaxReferences.IsEmpty || known.StepOf(function) is not { } step)
        {
            return;
        }

        var name = step.ToString().ToLowerInvariant();
        var isStepItself = function.MethodKind == MethodKind.AnonymousFunction || known.HasSteps(function.ContainingType) && IsNamedLike(function, step);
        var frame = new CalledFunction(
            step,
            isStepItself ? name : $"{name} → {function.Name}",
            function.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken),
            code);
        var report = new StepReport(known, function, publish);
        new CallWalk(known, bodies, (operation, place) => Inspect(operation, place, report), cancellationToken).Through(frame, FollowsCalls);
    }

    private static bool IsNamedLike(IMethodSymbol method, StepKind step)
    {
        var name = method.Name.Substring(method.Name.LastIndexOf('.') + 1);
        return name == step.ToString() || name == step + "Async";
    }
}
