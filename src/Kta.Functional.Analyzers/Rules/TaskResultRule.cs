using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Rules;

/// <summary>KTA007: a function of the context alone answers a task, so that the task itself would be the result.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class TaskResultRule : DiagnosticAnalyzer
{
    internal const string Id = "KTA007";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A step answers a task where a value is expected",
        "{0} answers '{1}', but a result is a value; add the token as second parameter, as in async (ctx, ct) => …",
        "Results",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Synchronous and asynchronous steps are told apart by their parameters. Such an algorithm is refused when it is created.",
        HelpLinks.Folder + "KTA007.md");

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (KnownTypes.Of(start.Compilation) is { IsLibraryItself: false } known)
            {
                start.RegisterOperationAction(found => Look(found, known), OperationKind.DelegateCreation);
            }
        });
    }

    private static void Look(OperationAnalysisContext found, KnownTypes known)
    {
        var creation = (IDelegateCreationOperation)found.Operation;
        var function = creation.Target switch
        {
            IAnonymousFunctionOperation lambda => lambda.Symbol,
            IMethodReferenceOperation reference => reference.Method,
            _ => null,
        };
        if (function?.Parameters.Length == 1
            && known.StepOf(function) is { } step
            && creation.Type is INamedTypeSymbol { DelegateInvokeMethod.ReturnType: { } result }
            && IsTask(result)
            && IsGivenToTheLibrary(creation, known))
        {
            found.ReportDiagnostic(Diagnostic.Create(
                Rule,
                creation.Target.Syntax.GetLocation(),
                step.ToString().ToLowerInvariant(),
                result.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)));
        }
    }

    private static bool IsTask(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Task" or "ValueTask", ContainingNamespace: { } space }
        && space.ToDisplayString() == "System.Threading.Tasks";

    private static bool IsGivenToTheLibrary(IOperation creation, KnownTypes known)
    {
        var outer = creation.Parent;
        while (outer is IConversionOperation or IParenthesizedOperation)
        {
            outer = outer.Parent;
        }

        return outer is IArgumentOperation { Parameter.ContainingSymbol.ContainingAssembly: { } assembly }
               && SymbolEqualityComparer.Default.Equals(assembly, known.Library);
    }
}
