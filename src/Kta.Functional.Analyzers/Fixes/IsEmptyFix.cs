using System.Collections.Immutable;
using System.Composition;
using Kta.Functional.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kta.Functional.Analyzers.Fixes;

/// <summary>KTA010: <c>history.Count == 0</c> becomes <c>history.IsEmpty</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
internal sealed class IsEmptyFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => [CountRule.Id];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var diagnostic = context.Diagnostics[0];
        if (root is null
            || root.FindNode(context.Span, getInnermostNodeForTie: true) is not ExpressionSyntax comparison
            || diagnostic.AdditionalLocations.Count == 0
            || root.FindNode(diagnostic.AdditionalLocations[0].SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax history)
        {
            return;
        }

        ExpressionSyntax question = SyntaxFactory.MemberAccessExpression(
            SyntaxKind.SimpleMemberAccessExpression, history.WithoutTrivia(), SyntaxFactory.IdentifierName("IsEmpty"));
        var asksForEmpty = diagnostic.Properties.TryGetValue(CountRule.AsksForEmpty, out var empty) && empty == "true";
        if (!asksForEmpty)
        {
            question = SyntaxFactory.PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, question);
        }

        context.RegisterCodeFix(
            CodeAction.Create(
                "Ask whether it is empty",
                _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(comparison, question.WithTriviaFrom(comparison)))),
                CountRule.Id),
            context.Diagnostics);
    }
}
