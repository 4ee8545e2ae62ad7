using System.Collections.Immutable;
using Kta.Functional.Analyzers.Steps;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Rules;

/// <summary>KTA006: an asynchronous step has a token, calls something that takes one, and does not pass it.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class TokenRule : StepAnalyzer
{
    internal const string Id = "KTA006";

    /// <summary>In the properties of a diagnostic: the parameter that takes the token.</summary>
    internal const string Parameter = "parameter";

    /// <summary>In the properties of a diagnostic: the name of the step's own token.</summary>
    internal const string Token = "token";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "An asynchronous step does not pass its token on",
        "{0} calls '{1}' without its token, and goes on when nobody waits any more; pass '{2}'",
        "Results",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The token fires when the caller goes away, the time is up, or the host stops. Write CancellationToken.None where a call shall not stop.",
        HelpLinks.Folder + "KTA006.md");

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    protected override bool FollowsCalls => false;

    protected override void Inspect(IOperation operation, CalledFunction frame, StepReport report)
    {
        var token = report.Function.Parameters.Length == 2 ? report.Function.Parameters[1] : null;
        if (token is null || !KnownTypes.Is(token.Type, report.Known.CancellationToken)
            || operation is not IInvocationOperation { Syntax: InvocationExpressionSyntax syntax } call
            || !IsAwaitable(call.Type) || IsWaitedForWithAToken(call, report.Known) || IsCleanUp(call))
        {
            return;
        }

        if (Omitted(call, report.Known) is { } parameter)
        {
            var place = syntax.Expression is MemberAccessExpressionSyntax access ? access.Name : syntax.Expression;
            report.At(
                Diagnostic.Create(
                    Rule,
                    place.GetLocation(),
                    ImmutableDictionary<string, string?>.Empty.Add(Parameter, parameter).Add(Token, token.Name),
                    frame.Path,
                    $"{call.TargetMethod.ContainingType.Name}.{call.TargetMethod.Name}",
                    token.IsDiscard || token.Name == "_" ? "ct" : token.Name));
        }
    }

    private static bool IsAwaitable(ITypeSymbol? type) => type?.OriginalDefinition.ToDisplayString() is
        "System.Threading.Tasks.Task" or "System.Threading.Tasks.Task<TResult>" or "System.Threading.Tasks.ValueTask"
        or "System.Threading.Tasks.ValueTask<TResult>" or "System.Collections.Generic.IAsyncEnumerable<T>";

    /// <summary>The name of the parameter that would take the token, or null if it is passed or cannot be.</summary>
    private static string? Omitted(IInvocationOperation call, KnownTypes known)
    {
        var method = call.TargetMethod.ReducedFrom ?? call.TargetMethod;
        if (method.Parameters.Any(parameter => KnownTypes.Is(parameter.Type, known.CancellationToken)))
        {
            return call.Arguments.FirstOrDefault(argument =>
                argument.ArgumentKind == ArgumentKind.DefaultValue && KnownTypes.Is(argument.Parameter?.Type, known.CancellationToken))?.Parameter?.Name;
        }

        // An argument may hold a token of its own, as options and requests do.
        var given = call.Arguments.Count(argument => argument.ArgumentKind != ArgumentKind.DefaultValue);
        return method.Parameters.Any(parameter => parameter.IsParams) || given != call.Arguments.Length
            ? null
            : method.ContainingType.GetMembers(method.Name).OfType<IMethodSymbol>()
                .FirstOrDefault(other => IsSameWithToken(other, method.OriginalDefinition, known))?.Parameters.Last().Name;
    }

    private static bool IsSameWithToken(IMethodSymbol other, IMethodSymbol method, KnownTypes known)
    {
        other = other.OriginalDefinition;
        return other.IsStatic == method.IsStatic
               && other.Arity == method.Arity
               && other.DeclaredAccessibility == method.DeclaredAccessibility
               && other.Parameters.Length == method.Parameters.Length + 1
               && KnownTypes.Is(other.Parameters.Last().Type, known.CancellationToken)
               && other.Parameters.Last().RefKind == RefKind.None
               && SameText(other.ReturnType, method.ReturnType)
               && method.Parameters.Zip(other.Parameters, (mine, its) => SameText(mine.Type, its.Type)).All(same => same)
               && !other.GetAttributes().Any(one => one.AttributeClass?.Name == "ObsoleteAttribute");
    }

    /// <summary>Type parameters of two overloads are never equal; their names are.</summary>
    private static bool SameText(ITypeSymbol one, ITypeSymbol other) => one.ToDisplayString() == other.ToDisplayString();

    private static bool IsWaitedForWithAToken(IInvocationOperation call, KnownTypes known)
    {
        for (IOperation? outer = call.Parent; outer is IInvocationOperation or IArgumentOperation or IConversionOperation; outer = outer.Parent)
        {
            if (outer is IInvocationOperation around
                && around.Arguments.Any(argument =>
                    argument.ArgumentKind == ArgumentKind.Explicit && KnownTypes.Is(argument.Value.Type, known.CancellationToken)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What has to happen in any case happens without the token.</summary>
    private static bool IsCleanUp(IOperation operation)
    {
        for (var outer = operation.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is ICatchClauseOperation || outer.Parent is ITryOperation attempt && attempt.Finally == outer)
            {
                return true;
            }
        }

        return false;
    }
}
