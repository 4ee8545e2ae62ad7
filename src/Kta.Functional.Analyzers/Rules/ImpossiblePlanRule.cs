using System.Collections.Immutable;
using System.Globalization;
using Kta.Functional.Analyzers.Steps;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Rules;

/// <summary>KTA008: a plan that is an error for every topology: without entries, or with a constant below 1.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class ImpossiblePlanRule : StepAnalyzer
{
    private static readonly DiagnosticDescriptor Rule = new(
        "KTA008",
        "No topology can be planned like this",
        "{0} {1}; {2}",
        "Plans",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A plan names every node of the topology, which has at least one, with a parallelism of at least 1.",
        HelpLinks.Folder + "KTA008.md");

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    protected override void Inspect(IOperation operation, CalledFunction frame, StepReport report)
    {
        if (operation is not IInvocationOperation call)
        {
            return;
        }

        var isPlan = KnownTypes.Is(call.TargetMethod.ContainingType, report.Known.Plan);
        if (isPlan && call.TargetMethod.Name == "Of" && PlanEntries.Of(call) is { Count: 0 })
        {
            report.At(
                call,
                frame,
                Rule,
                frame.Path,
                "names no node, but every topology has one",
                "write Plan.ForEach(ctx.Topology, node => …)");
        }

        var constants = isPlan && call.TargetMethod.Name is "Single" or "ForEach" || call.TargetMethod.Name == "ForEachNode"
            ? call.Arguments.Select(argument => argument.Value)
            : isPlan && call.TargetMethod.Name == "Of" ? (PlanEntries.Of(call) ?? []).Select(entry => entry.Parallelism) : [];
        foreach (var value in constants)
        {
            if (Constant(value) is < 1 and var parallelism)
            {
                report.At(
                    value,
                    frame,
                    Rule,
                    frame.Path,
                    string.Format(CultureInfo.InvariantCulture, "asks for parallelism {0}, but KTA cannot scale below 1", parallelism),
                    "ask for 1 or more");
            }
        }
    }

    private static int? Constant(IOperation? value) => CalledFunction.Unwrapped(value) switch
    {
        IDelegateCreationOperation { Target: IAnonymousFunctionOperation { Body.Operations: [IReturnOperation { ReturnedValue: { } returned }] } } =>
            Constant(returned),
        _ when value?.ConstantValue is { HasValue: true, Value: int constant } => constant,
        _ => null,
    };
}
