using System.Collections.Immutable;
using System.Composition;
using Kta.Functional.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kta.Functional.Analyzers.Fixes;

/// <summary>KTA007: makes <c>ctx => task</c> a function of context and token.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
internal sealed class AddTokenFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => [TaskResultRule.Id];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span, getInnermostNodeForTie: true).FirstAncestorOrSelf<LambdaExpressionSyntax>() is { } lambda)
        {
            context.RegisterCodeFix(
                CodeAction.Create(
                    "Add the token as second parameter",
                    _ => Task.FromResult(context.Document.WithSyntaxRoot(root.ReplaceNode(lambda, WithToken(lambda)))),
                    TaskResultRule.Id),
                context.Diagnostics);
        }
    }

    private static ParenthesizedLambdaExpressionSyntax WithToken(LambdaExpressionSyntax lambda)
    {
        var token = SyntaxFactory.Parameter(SyntaxFactory.Identifier(FreeName(lambda)));
        if (lambda is ParenthesizedLambdaExpressionSyntax { ParameterList: { } list } parenthesized)
        {
            if (list.Parameters is [{ Type: not null }])
            {
                token = token.WithType(SyntaxFactory.ParseTypeName("System.Threading.CancellationToken ")
                    .WithAdditionalAnnotations(Microsoft.CodeAnalysis.Simplification.Simplifier.Annotation));
            }

            return parenthesized.WithParameterList(list.WithParameters(Two(list.Parameters[0], token)));
        }

        var simple = (SimpleLambdaExpressionSyntax)lambda;
        var parameters = SyntaxFactory.ParameterList(Two(simple.Parameter.WithoutTrivia(), token)).WithTriviaFrom(simple.Parameter);
        return SyntaxFactory.ParenthesizedLambdaExpression(
            simple.AttributeLists, simple.Modifiers, null, parameters, simple.ArrowToken, simple.Block, simple.ExpressionBody).WithTriviaFrom(simple);
    }

    private static SeparatedSyntaxList<ParameterSyntax> Two(ParameterSyntax context, ParameterSyntax token) =>
        SyntaxFactory.SeparatedList(
            [context, token],
            [SyntaxFactory.Token(SyntaxKind.CommaToken).WithTrailingTrivia(SyntaxFactory.Space)]);

    private static string FreeName(SyntaxNode lambda)
    {
        var taken = new HashSet<string>(lambda.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.Text));
        return taken.Contains("ct") ? "cancellationToken" : "ct";
    }
}
