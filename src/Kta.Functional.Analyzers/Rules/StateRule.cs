using System.Collections.Immutable;
using Kta.Functional.Analyzers.Steps;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kta.Functional.Analyzers.Rules;

/// <summary>KTA001: a step changes state that outlives the call.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class StateRule : StepAnalyzer
{
    private static readonly DiagnosticDescriptor Rule = new(
        "KTA001",
        "A step changes state that outlives the call",
        "{0} {1} {2}, which outlives the call; put what the next call needs into a result and read it from ctx.History",
        "Statelessness",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Steps run concurrently, on any replica, and are replayed: what one call leaves behind is not what the next one finds.",
        HelpLinks.Folder + "KTA001.md");

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    protected override void Inspect(IOperation operation, CalledFunction frame, StepReport report)
    {
        foreach (var change in Change.By(operation, frame))
        {
            // Keeping the context has a rule of its own.
            if (!change.Stored.Any(value => KeptContext.In(value, report.Known) is not null))
            {
                report.At(change.Place, frame, Rule, frame.Path, change.Verb, change.What);
            }
        }
    }
}
