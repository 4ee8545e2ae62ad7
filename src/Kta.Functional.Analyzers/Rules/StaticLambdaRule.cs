using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using Microsoft.CodeAnalysis.Text;

namespace Kta.Functional.Analyzers.Rules;

/// <summary>KTA012: a step that captures nothing could say so, and the compiler would keep it that way.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class StaticLambdaRule : DiagnosticAnalyzer
{
    internal const string Id = "KTA012";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A step that captures nothing can be static",
        "{0} captures nothing; as a static lambda the compiler keeps it so",
        "Statelessness",
        DiagnosticSeverity.Hidden,
        isEnabledByDefault: true,
        "A static lambda cannot capture a variable: no call can leave anything in one.",
        HelpLinks.Folder + "KTA012.md");

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (KnownTypes.Of(start.Compilation) is { IsLibraryItself: false } known)
            {
                start.RegisterOperationAction(found => Look(found, known), OperationKind.AnonymousFunction);
            }
        });
    }

    private static void Look(OperationAnalysisContext found, KnownTypes known)
    {
        var lambda = (IAnonymousFunctionOperation)found.Operation;
        if (!lambda.Symbol.IsStatic
            && lambda.Syntax is LambdaExpressionSyntax syntax
            && known.StepOf(lambda.Symbol) is { } step
            && !lambda.Body.Descendants().Any(operation => Captures(operation, syntax)))
        {
            var head = TextSpan.FromBounds(syntax.SpanStart, syntax.ArrowToken.Span.End);
            found.ReportDiagnostic(Diagnostic.Create(Rule, Location.Create(syntax.SyntaxTree, head), step.ToString().ToLowerInvariant()));
        }
    }

    private static bool Captures(IOperation operation, SyntaxNode lambda) => operation switch
    {
        ILocalReferenceOperation { Local: { IsConst: false } local } => IsOutside(local, lambda),
        // Only the arguments of a program are declared nowhere.
        IParameterReferenceOperation { Parameter: var parameter } =>
            parameter.DeclaringSyntaxReferences.IsEmpty || IsOutside(parameter, lambda),
        IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ContainingTypeInstance } => true,
        IInvocationOperation { TargetMethod: { MethodKind: MethodKind.LocalFunction, IsStatic: false } function } => IsOutside(function, lambda),
        IMethodReferenceOperation { Method: { MethodKind: MethodKind.LocalFunction, IsStatic: false } function } => IsOutside(function, lambda),
        IInvalidOperation => true,
        _ => false,
    };

    private static bool IsOutside(ISymbol symbol, SyntaxNode lambda) =>
        !symbol.DeclaringSyntaxReferences.IsEmpty
        && !symbol.DeclaringSyntaxReferences.Any(declared => declared.SyntaxTree == lambda.SyntaxTree && lambda.Span.Contains(declared.Span));
}
