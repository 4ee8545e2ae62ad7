using System.Collections.Immutable;
using System.Composition;
using Kta.Functional.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kta.Functional.Analyzers.Fixes;

/// <summary>
/// KTA002: a field becomes <c>readonly</c>, <c>set</c> becomes <c>init</c>, <c>private set</c> goes, and a collection becomes
/// its immutable counterpart.
/// </summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
internal sealed class FreezeMemberFix : CodeFixProvider
{
    public override ImmutableArray<string> FixableDiagnosticIds => [MutableMemberRule.Id];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        var root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        var model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        if (model is null || root?.FindNode(context.Span).FirstAncestorOrSelf<MemberDeclarationSyntax>() is not { } member)
        {
            return;
        }

        var collection = FrozenCollection.Of(member, model);
        var (title, frozen) = Frozen(collection?.Member ?? member, collection is null ? "" : $", as {collection.Value.Name}");
        if (frozen is not null)
        {
            var changed = root.ReplaceNode(member, frozen);
            context.RegisterCodeFix(
                CodeAction.Create(
                    title,
                    _ => Task.FromResult(context.Document.WithSyntaxRoot(
                        collection is null ? changed : FrozenCollection.Import(changed, model, member.SpanStart))),
                    MutableMemberRule.Id),
                context.Diagnostics);
        }
    }

    private static (string Title, MemberDeclarationSyntax? Frozen) Frozen(MemberDeclarationSyntax member, string more) => member switch
    {
        FieldDeclarationSyntax { Modifiers.Count: > 0 } field => (
            "Make it readonly" + more,
            field.AddModifiers(SyntaxFactory.Token(SyntaxKind.ReadOnlyKeyword).WithTrailingTrivia(SyntaxFactory.Space))),
        PropertyDeclarationSyntax { AccessorList: { } accessors } property
            when accessors.Accessors.FirstOrDefault(one => one.IsKind(SyntaxKind.SetAccessorDeclaration)) is { } setter =>
            setter.Modifiers.Any(SyntaxKind.PrivateKeyword)
                ? ("Make it get-only" + more, property.WithAccessorList(accessors.WithAccessors(accessors.Accessors.Remove(setter))))
                : ("Make it init-only" + more, property.ReplaceNode(setter, InitOf(setter))),
        _ => ("", null),
    };

    private static AccessorDeclarationSyntax InitOf(AccessorDeclarationSyntax setter) =>
        SyntaxFactory.AccessorDeclaration(
            SyntaxKind.InitAccessorDeclaration,
            setter.AttributeLists,
            setter.Modifiers,
            SyntaxFactory.Token(SyntaxKind.InitKeyword).WithTriviaFrom(setter.Keyword),
            setter.Body,
            setter.ExpressionBody,
            setter.SemicolonToken);
}
