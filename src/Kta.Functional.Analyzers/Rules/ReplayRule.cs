using System.Collections.Immutable;
using Kta.Functional.Analyzers.Steps;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Rules;

/// <summary>KTA004: analyze or plan reads a clock, randomness, a new GUID or the environment. Monitor measures, so it may.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class ReplayRule : StepAnalyzer
{
    private const string Time = "take the time from ctx.StartedAt";
    private const string Chance = "derive it from ctx.UdfStartTimestampMillis, as in new Random((int)ctx.UdfStartTimestampMillis)";
    private const string Identity = "take ctx.Id, which is new in every iteration";
    private const string Surroundings = "read it before the algorithm is created, and use the value";

    private static readonly DiagnosticDescriptor Rule = new(
        "KTA004",
        "A decision depends on more than its context",
        "{0} → {1} differs from call to call, so the decision cannot be replayed; {2}",
        "Statelessness",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "Analyze and plan answer the same for the same context: that is what lets decisions be recorded, replayed and tested.",
        HelpLinks.Folder + "KTA004.md");

    /// <summary>Members by type: all members when there are none.</summary>
    private static readonly Dictionary<string, (string[] Members, string Instead)> Sources = new()
    {
        ["System.DateTime"] = (["Now", "UtcNow", "Today"], Time),
        ["System.DateTimeOffset"] = (["Now", "UtcNow"], Time),
        ["System.TimeProvider"] = (["System", "GetUtcNow", "GetLocalNow", "GetTimestamp", "GetElapsedTime"], Time),
        ["System.Diagnostics.Stopwatch"] = (["StartNew", "GetTimestamp", "GetElapsedTime", "Start", "Restart", "new"], Time),
        ["System.Guid"] = (["NewGuid", "CreateVersion7"], Identity),
        ["System.Security.Cryptography.RandomNumberGenerator"] = ([], Chance),
        ["System.IO.Path"] = (["GetRandomFileName", "GetTempFileName"], Identity),
    };

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    protected override void Inspect(IOperation operation, Frame frame, StepReport report)
    {
        if (frame.Step == StepKind.Monitor || Source(operation, frame) is not { } source)
        {
            return;
        }

        report.At(operation, frame, Rule, frame.Path, source.Name, source.Instead);
    }

    private static (string Name, string Instead)? Source(IOperation operation, Frame frame)
    {
        var (member, instance) = operation switch
        {
            IPropertyReferenceOperation property => ((ISymbol)property.Property, property.Instance),
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
        var name = isConstructor ? $"new {type.Name}" : $"{type.Name}.{member.Name}";
        var instead = type.ToDisplayString() switch
        {
            "System.Environment" when member.Name is "TickCount" or "TickCount64" => Time,
            "System.Environment" when member.Name is "GetEnvironmentVariable" or "GetEnvironmentVariables" or "ExpandEnvironmentVariables" =>
                Surroundings,
            "System.Random" when isConstructor => IsSeeded((IMethodSymbol)member) ? null : Chance,
            "System.Random" => member.Name == "Shared" || frame.Outliving(instance) is not null && !IsShared(instance) ? Chance : null,
            "System.Linq.Enumerable" => member.Name == "Shuffle" ? Chance : null,
            var full => Sources.TryGetValue(full, out var source)
                        && (source.Members.Length == 0 || source.Members.Contains(isConstructor ? "new" : member.Name))
                        && Frame.Unwrapped(instance) is not IPropertyReferenceOperation { Property: { IsStatic: true, Name: "System" } }
                ? source.Instead
                : null,
        };
        return instead is null ? null : (name, instead);
    }

    private static bool IsSeeded(IMethodSymbol constructor) => constructor.Parameters.Length > 0;

    /// <summary>Random.Shared.Next() is reported once, for Random.Shared.</summary>
    private static bool IsShared(IOperation? instance) => Frame.Unwrapped(instance) is IPropertyReferenceOperation { Property.Name: "Shared" };
}
