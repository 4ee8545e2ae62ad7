using System.Collections.Immutable;
using System.Composition;
using Kta.Functional.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kta.Functional.Analyzers.Fixes;

/// <summary>KTA012: <c>ctx => …</c> becomes <c>static ctx => …</c>.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
internal sealed class StaticLambdaFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => [StaticLambdaRule.Id];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindToken(context.Span.End - 1).Parent is LambdaExpressionSyntax lambda)
        {
            context.RegisterCodeFix(
                CodeAction.Create(
                    "Make it static",
                    _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(lambda, Static(lambda)))),
                    StaticLambdaRule.Id),
                context.Diagnostics);
        }
    }

    private static LambdaExpressionSyntax Static(LambdaExpressionSyntax lambda)
    {
        var word = SyntaxFactory.Token(SyntaxKind.StaticKeyword).WithTrailingTrivia(SyntaxFactory.Space);
        var first = lambda.GetFirstToken();
        if (lambda.AttributeLists.Any())
        {
            return lambda.WithModifiers(lambda.Modifiers.Insert(0, word));
        }

        // What stands before the lambda stays before it.
        var bare = lambda.ReplaceToken(first, first.WithLeadingTrivia());
        return bare.WithModifiers(bare.Modifiers.Insert(0, word.WithLeadingTrivia(first.LeadingTrivia)));
    }
}
