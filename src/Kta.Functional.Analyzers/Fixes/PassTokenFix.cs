using System.Collections.Immutable;
using System.Composition;
using Kta.Functional.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace Kta.Functional.Analyzers.Fixes;

/// <summary>KTA006: passes the token; a discarded one gets a name.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
internal sealed class PassTokenFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => [TokenRule.Id];

    public override FixAllProvider? GetFixAllProvider() => null;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var diagnostic = context.Diagnostics[0];
        if (root?.FindNode(context.Span).FirstAncestorOrSelf<InvocationExpressionSyntax>() is { } call
            && diagnostic.Properties.TryGetValue(TokenRule.Token, out var name) && TokenOf(call, name) is { } token
            && diagnostic.Properties.TryGetValue(TokenRule.Parameter, out var parameter) && parameter is not null)
        {
            context.RegisterCodeFix(
                CodeAction.Create("Pass the token of the step", cancel => PassAsync(context.Document, call, token, parameter, cancel), TokenRule.Id),
                diagnostic);
        }
    }

    private static ParameterSyntax? TokenOf(SyntaxNode call, string? name)
    {
        foreach (var outer in call.Ancestors())
        {
            var parameters = outer switch
            {
                ParenthesizedLambdaExpressionSyntax lambda => lambda.ParameterList,
                AnonymousMethodExpressionSyntax { ParameterList: { } list } => list,
                LocalFunctionStatementSyntax local => local.ParameterList,
                MethodDeclarationSyntax method => method.ParameterList,
                _ => null,
            };
            if (parameters?.Parameters is [_, var token] && token.Identifier.ValueText == name)
            {
                return token;
            }
        }

        return null;
    }

    private static async Task<Document> PassAsync(
        Document document, InvocationExpressionSyntax call, ParameterSyntax token, string parameter, CancellationToken cancellationToken)
    {
        var editor = await DocumentEditor.CreateAsync(document, cancellationToken).ConfigureAwait(false);
        var name = token.Identifier.Text;
        if (name == "_")
        {
            name = "ct";
            editor.ReplaceNode(token, token.WithIdentifier(SyntaxFactory.Identifier(name).WithTriviaFrom(token.Identifier)));
        }

        var model = await document.GetSemanticModelAsync(cancellationToken).ConfigureAwait(false);
        var argument = SyntaxFactory.Argument(SyntaxFactory.IdentifierName(name));
        var arguments = call.ArgumentList.Arguments;
        if (model?.GetSymbolInfo(call, cancellationToken).Symbol is not IMethodSymbol method
            || arguments.Any(one => one.NameColon is not null)
            || method.Parameters.Length > arguments.Count && method.Parameters[arguments.Count].Name != parameter)
        {
            argument = argument.WithNameColon(SyntaxFactory.NameColon(parameter));
        }

        editor.ReplaceNode(
            call.ArgumentList,
            (current, _) => ((ArgumentListSyntax)current).AddArguments(argument.NormalizeWhitespace()));
        return editor.GetChangedDocument();
    }
}
