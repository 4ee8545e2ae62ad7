using System.Collections.Immutable;
using Kta.Functional.Analyzers.Steps;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Rules;

/// <summary>
/// KTA009: a plan of nodes that are written in the program, in a step that never looks at the topology. Right for one
/// policy, so it is a hint only.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class OwnNodesRule : StepAnalyzer
{
    private static readonly DiagnosticDescriptor Rule = new(
        "KTA009",
        "A plan does not look at the topology",
        "{0} names its nodes itself and never looks at ctx.Topology; with another policy it is an error, Plan.ForEach(ctx.Topology, node => …) fits all",
        "Plans",
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "A plan names exactly the nodes of the topology. One that brings its own nodes works with one policy, until that changes.",
        HelpLinks.Folder + "KTA009.md");

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    protected override bool FollowsCalls => false;

    protected override void Inspect(IOperation operation, CalledFunction frame, StepReport report)
    {
        if (operation is IInvocationOperation { TargetMethod.Name: "Of" } call
            && KnownTypes.Is(call.TargetMethod.ContainingType, report.Known.Plan)
            && PlanEntries.Of(call) is { Count: > 0 } entries
            && entries.All(entry => IsWritten(entry.Node, report.Known))
            && !frame.Bodies.SelectMany(body => body.Descendants()).Any(LooksAtTheTopology))
        {
            report.At(call, frame, Rule, frame.Path);
        }
    }

    private static bool LooksAtTheTopology(IOperation operation) =>
        operation is IPropertyReferenceOperation { Property.Name: "Topology" } or IInvocationOperation { TargetMethod.Name: "ForEachNode" };

    /// <summary>A node made of constants, on the spot or kept in a static field.</summary>
    private static bool IsWritten(IOperation node, KnownTypes known) => CalledFunction.Unwrapped(node) switch
    {
        IObjectCreationOperation creation => creation.Arguments.All(argument => argument.Value.ConstantValue.HasValue),
        IInvocationOperation { Instance: null } call =>
            KnownTypes.Is(call.TargetMethod.ContainingType, known.TopologyNode)
            && call.Arguments.All(argument => argument.Value.ConstantValue.HasValue),
        IFieldReferenceOperation { Field: { IsStatic: true, IsReadOnly: true } } => true,
        _ => false,
    };
}
