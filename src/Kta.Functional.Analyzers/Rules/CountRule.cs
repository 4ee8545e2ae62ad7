using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Rules;

/// <summary>KTA010: the history is counted only to see whether there is any.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class CountRule : DiagnosticAnalyzer
{
    internal const string Id = "KTA010";

    /// <summary>In the properties of a diagnostic: whether the comparison asks for an empty history.</summary>
    internal const string AsksForEmpty = "empty";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "Counting decodes the whole history",
        "'{0}' decodes the whole history to see whether there is any; write '{1}'",
        "History",
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "Entries are decoded when they are looked at. A policy that runs for months has thousands of them.",
        HelpLinks.Folder + "KTA010.md");

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (KnownTypes.Of(start.Compilation) is { IsLibraryItself: false } known)
            {
                start.RegisterOperationAction(found => Look(found, known), OperationKind.Binary, OperationKind.IsPattern);
            }
        });
    }

    private static void Look(OperationAnalysisContext found, KnownTypes known)
    {
        var (count, comparison, bound) = found.Operation switch
        {
            IBinaryOperation { RightOperand.ConstantValue: { HasValue: true, Value: int right } } binary =>
                (binary.LeftOperand, binary.OperatorKind, right),
            IBinaryOperation { LeftOperand.ConstantValue: { HasValue: true, Value: int left } } binary =>
                (binary.RightOperand, Mirrored(binary.OperatorKind), left),
            IIsPatternOperation { Pattern: IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: int value } } } pattern =>
                (pattern.Value, BinaryOperatorKind.Equals, value),
            IIsPatternOperation { Pattern: IRelationalPatternOperation { Value.ConstantValue: { HasValue: true, Value: int value } } relation } pattern =>
                (pattern.Value, relation.OperatorKind, value),
            _ => (null, BinaryOperatorKind.None, 0),
        };
        if (History(count, known) is not { } history || IsEmptyWhen(comparison, bound) is not { } isEmpty)
        {
            return;
        }

        found.ReportDiagnostic(Diagnostic.Create(
            Rule,
            found.Operation.Syntax.GetLocation(),
            [history.Syntax.GetLocation()],
            ImmutableDictionary<string, string?>.Empty.Add(AsksForEmpty, isEmpty ? "true" : "false"),
            found.Operation.Syntax.ToString(),
            (isEmpty ? "" : "!") + history.Syntax + ".IsEmpty"));
    }

    private static IOperation? History(IOperation? count, KnownTypes known) => count switch
    {
        IPropertyReferenceOperation { Property.Name: "Count", Instance: { } history } when KnownTypes.Is(history.Type, known.History) => history,
        IInvocationOperation { TargetMethod: { Name: "Count", ContainingType.Name: "Enumerable" }, Arguments: [{ Value: IConversionOperation { Operand: { } history } }] }
            when KnownTypes.Is(history.Type, known.History) => history,
        _ => null,
    };

    private static bool? IsEmptyWhen(BinaryOperatorKind comparison, int bound) => (comparison, bound) switch
    {
        (BinaryOperatorKind.Equals, 0) or (BinaryOperatorKind.LessThan, 1) or (BinaryOperatorKind.LessThanOrEqual, 0) => true,
        (BinaryOperatorKind.NotEquals, 0) or (BinaryOperatorKind.GreaterThan, 0) or (BinaryOperatorKind.GreaterThanOrEqual, 1) => false,
        _ => null,
    };

    private static BinaryOperatorKind Mirrored(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.LessThan => BinaryOperatorKind.GreaterThan,
        BinaryOperatorKind.LessThanOrEqual => BinaryOperatorKind.GreaterThanOrEqual,
        BinaryOperatorKind.GreaterThan => BinaryOperatorKind.LessThan,
        BinaryOperatorKind.GreaterThanOrEqual => BinaryOperatorKind.LessThanOrEqual,
        _ => kind,
    };
}
