using System.Collections.Immutable;
using Kta.Functional.Analyzers.Steps;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kta.Functional.Analyzers.Rules;

/// <summary>KTA003: the context of a call, or its history, is kept beyond the call.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class KeptContextRule : StepAnalyzer
{
    private static readonly DiagnosticDescriptor Rule = new(
        "KTA003",
        "The context of a call is kept beyond the call",
        "{0} keeps {1} in {2}; a context ends with its call: answer the values that are needed in a result, and read them from the next ctx.History",
        "Statelessness",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A context and its history read the request of one call. Kept in a field or a captured variable they hold its memory, "
        + "and another call decides from what it was not given.",
        HelpLinks.Folder + "KTA003.md");

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    protected override void Inspect(IOperation operation, CalledFunction frame, StepReport report)
    {
        foreach (var change in Change.By(operation, frame))
        {
            if (change.Stored.Select(value => KeptContext.In(value, report.Known)).FirstOrDefault(kept => kept is not null) is { } kept)
            {
                report.At(change.Place, frame, Rule, frame.Path, kept, change.What);
            }
        }
    }
}
