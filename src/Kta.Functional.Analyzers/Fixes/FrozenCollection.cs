using Kta.Functional.Analyzers.Rules;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kta.Functional.Analyzers.Fixes;

/// <summary>A member that holds a mutable collection, rewritten to hold its immutable counterpart.</summary>
internal static class FrozenCollection
{
    private const string Namespace = "System.Collections.Immutable";

    /// <summary>Null for what is no such member.</summary>
    internal static (MemberDeclarationSyntax Member, string Name)? Of(MemberDeclarationSyntax member, SemanticModel model)
    {
        var (declared, initial) = member switch
        {
            PropertyDeclarationSyntax property => (property.Type, property.Initializer?.Value),
            FieldDeclarationSyntax { Declaration: { Variables: [var variable] } declaration } => (declaration.Type, variable.Initializer?.Value),
            _ => (null, null),
        };
        if (declared is null || model.GetTypeInfo(declared).Type is not { } held || FrozenTypes.Counterpart(held) is not var (name, items))
        {
            return null;
        }

        var arguments = string.Join(", ", items.Select(one => one.ToMinimalDisplayString(model, declared.SpanStart)));
        var frozen = $"{name}<{arguments}>";
        var type = SyntaxFactory.ParseTypeName(declared is NullableTypeSyntax ? frozen + "?" : frozen);
        var changed = member.ReplaceNodes(
            initial is null ? [declared] : new SyntaxNode[] { declared, initial },
            (original, _) => original == declared
                ? type.WithTriviaFrom(declared)
                : Frozen(initial!, held.ToMinimalDisplayString(model, declared.SpanStart).TrimEnd('?'), frozen).WithTriviaFrom(initial!));
        if (initial is null && held is IArrayTypeSymbol && declared is not NullableTypeSyntax)
        {
            changed = WithNothing(changed);
        }

        return (changed, frozen);
    }

    /// <summary>The same file, which names the immutable collections without their namespace.</summary>
    internal static SyntaxNode Import(SyntaxNode root, SemanticModel model, int position)
    {
        if (root is not CompilationUnitSyntax file || model.LookupNamespacesAndTypes(position, name: "ImmutableInterlocked").Any())
        {
            return root;
        }

        var import = SyntaxFactory.UsingDirective(SyntaxFactory.ParseName(Namespace).WithLeadingTrivia(SyntaxFactory.Space))
            .WithTrailingTrivia(SyntaxFactory.LineFeed);
        if (file.Usings.Any())
        {
            return file.AddUsings(import);
        }

        // Directives and the licence stay on top.
        var first = file.GetFirstToken();
        return file.ReplaceToken(first, first.WithLeadingTrivia(SyntaxFactory.LineFeed))
            .AddUsings(import.WithLeadingTrivia(first.LeadingTrivia));
    }

    /// <summary>An ImmutableArray that was given nothing cannot even be asked for its length.</summary>
    private static MemberDeclarationSyntax WithNothing(MemberDeclarationSyntax member)
    {
        var nothing = SyntaxFactory.EqualsValueClause(
            SyntaxFactory.Token(SyntaxKind.EqualsToken).WithLeadingTrivia(SyntaxFactory.Space).WithTrailingTrivia(SyntaxFactory.Space),
            SyntaxFactory.CollectionExpression());
        return member switch
        {
            PropertyDeclarationSyntax property when !property.Modifiers.Any(SyntaxKind.RequiredKeyword) => property
                .WithoutTrailingTrivia().WithInitializer(nothing)
                .WithSemicolonToken(SyntaxFactory.Token(SyntaxKind.SemicolonToken)).WithTrailingTrivia(property.GetTrailingTrivia()),
            FieldDeclarationSyntax { Declaration.Variables: [var variable] } field =>
                field.ReplaceNode(variable, variable.WithInitializer(nothing)),
            _ => member,
        };
    }

    /// <summary>The same items, in a collection expression where that is possible.</summary>
    private static ExpressionSyntax Frozen(ExpressionSyntax value, string held, string frozen)
    {
        var hasKeys = frozen.Contains("Dictionary<");
        switch (value)
        {
            case LiteralExpressionSyntax or PostfixUnaryExpressionSyntax:
            case CollectionExpressionSyntax { Elements.Count: > 0 } when !hasKeys:
                return value;
            case CollectionExpressionSyntax:
            case BaseObjectCreationExpressionSyntax { Initializer: null, ArgumentList: null or { Arguments.Count: 0 } }:
                return SyntaxFactory.ParseExpression(hasKeys ? frozen + ".Empty" : "[]");
            case BaseObjectCreationExpressionSyntax { Initializer: { } items, ArgumentList: null or { Arguments.Count: 0 } } when !hasKeys:
                return Items(items);
            case ArrayCreationExpressionSyntax { Initializer: { } items }:
                return Items(items);
            case ImplicitArrayCreationExpressionSyntax { Initializer: var items }:
                return Items(items);
            case InitializerExpressionSyntax items:
                return Items(items);
        }

        var explicitly = value switch
        {
            ImplicitObjectCreationExpressionSyntax { Initializer: { } items, ArgumentList.Arguments.Count: 0 } => $"new {held} {items}",
            ImplicitObjectCreationExpressionSyntax creation => $"new {held}{creation.ArgumentList}{creation.Initializer}",
            ObjectCreationExpressionSyntax or InvocationExpressionSyntax or SimpleNameSyntax or MemberAccessExpressionSyntax => value.ToString(),
            _ => $"({value})",
        };
        return SyntaxFactory.ParseExpression($"{explicitly}.To{frozen.Substring(0, frozen.IndexOf('<'))}()");
    }

    private static ExpressionSyntax Items(InitializerExpressionSyntax items) =>
        SyntaxFactory.ParseExpression($"[{items.Expressions.ToFullString().Trim().TrimEnd(',')}]");
}
