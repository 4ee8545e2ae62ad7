using System.Collections.Immutable;
using Kta.Functional.Analyzers.Replay;
using Kta.Functional.Analyzers.Steps;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Rules;

/// <summary>KTA004: analyze or plan reads what a replay cannot know, such as a clock. Monitor measures, so it may.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class ReplayRule : StepAnalyzer
{
    private static readonly DiagnosticDescriptor Rule = new(
        "KTA004",
        "A decision depends on more than its context",
        "{0} → {1} differs from {2}, so the decision cannot be replayed; {3}",
        "Statelessness",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Analyze and plan answer the same for the same context: that is what lets decisions be recorded, replayed and tested.",
        HelpLinks.Folder + "KTA004.md");

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    protected override void Inspect(IOperation operation, CalledFunction frame, StepReport report)
    {
        if (frame.Step == StepKind.Monitor || Reading(operation, frame, report.Known) is not { } reading)
        {
            return;
        }

        if (frame.IsInitial
            && (reading.Cause.IsSetting || IsReportedWhereItIsUsed(operation, frame)
                || frame.Call?.Parent is { } use && Reading(use, frame.Caller!, report.Known) is not null))
        {
            return;
        }

        report.At(operation, frame, Rule, frame.Path, reading.Name, reading.Cause.Varies, reading.Cause.Instead);
    }

    /// <summary>A clock or a source of randomness that is only kept.</summary>
    private static bool IsReportedWhereItIsUsed(IOperation operation, CalledFunction frame) =>
        operation.Type?.Name is "Random" or "TimeProvider" or "Stopwatch"
        && frame.Bodies.Any(value => CalledFunction.Unwrapped(value)?.Syntax == operation.Syntax);

    private static (string Name, Cause Cause)? Reading(IOperation operation, CalledFunction frame, KnownTypes known)
    {
        var (member, instance) = operation switch
        {
            IPropertyReferenceOperation property => Callee.IsOnlyWritten(property) ? (null, null) : ((ISymbol)property.Property, property.Instance),
            IFieldReferenceOperation { Field: { HasConstantValue: true } constant } => (constant, null),
            IInvocationOperation call => (call.TargetMethod, call.Instance),
            IMethodReferenceOperation method => (method.Method, method.Instance),
            IObjectCreationOperation { Constructor: { } constructor } => (constructor, null),
            _ => (null, null),
        };
        if (member?.ContainingType is not { } type)
        {
            return null;
        }

        var isConstructor = member is IMethodSymbol { MethodKind: MethodKind.Constructor };
        var cause = type.Name switch
        {
            "Random" when IsOfSystem(type) => isConstructor
                ? ((IMethodSymbol)member).Parameters.IsEmpty ? Cause.Chance : null
                : member.Name == "Shared" || IsKept(instance, "Shared", frame) ? Cause.Chance : null,
            "TimeProvider" when IsOfSystem(type) && IsStaticProperty(instance, "System") => null,
            "Stopwatch" when member.Name.StartsWith("Elapsed", StringComparison.Ordinal) =>
                frame.Outliving(instance) is null ? null : Cause.Time,
            _ => Readings.Of(member, type)
                 ?? (operation is IInvocationOperation hashing && HashCodes.DifferByProcess(hashing) ? Cause.Hash : null)
                 ?? (LiveThings.IsAskedBy(operation, known) ? Cause.World : null),
        };
        var owner = cause == Cause.World ? LiveThings.Receiver(operation)?.Type?.Name ?? type.Name : type.Name;
        return cause is null ? null : (isConstructor ? $"new {owner}" : $"{owner}.{member.Name}", cause);
    }

    private static bool IsOfSystem(INamedTypeSymbol type) =>
        type.ContainingNamespace is { Name: "System", ContainingNamespace.IsGlobalNamespace: true };

    /// <summary>Random.Shared.Next() is reported once, for Random.Shared.</summary>
    private static bool IsKept(IOperation? instance, string shared, CalledFunction frame) =>
        frame.Outliving(instance) is not null && !IsStaticProperty(instance, shared);

    private static bool IsStaticProperty(IOperation? instance, string name) =>
        CalledFunction.Unwrapped(instance) is IPropertyReferenceOperation { Property: { IsStatic: true } property } && property.Name == name;
}
