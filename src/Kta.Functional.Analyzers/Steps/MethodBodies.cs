using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace Kta.Functional.Analyzers.Steps;

/// <summary>The code that is written in the compilation at hand, for following calls and looking up initial values.</summary>
internal sealed class MethodBodies(Compilation compilation)
{
    private readonly ConcurrentDictionary<IMethodSymbol, IOperation?> _known = new(SymbolEqualityComparer.Default);

    internal IOperation? Of(IMethodSymbol method, CancellationToken cancellationToken)
    {
        var original = (method.ReducedFrom ?? method).OriginalDefinition;
        original = original.PartialImplementationPart ?? original;
        return _known.TryGetValue(original, out var body) ? body : _known.GetOrAdd(original, Find(original, cancellationToken));
    }

    internal IOperation? Of(SyntaxNode syntax, CancellationToken cancellationToken)
    {
        if (!compilation.ContainsSyntaxTree(syntax.SyntaxTree) || IsGenerated(syntax.SyntaxTree))
        {
            return null;
        }

        // The body may stand in any file; the compiler hands out the model of the analyzed one only.
#pragma warning disable RS1030
        return compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancellationToken);
#pragma warning restore RS1030
    }

    /// <summary>What generators write keeps what it computed once, and is nobody's to change.</summary>
    private static bool IsGenerated(SyntaxTree tree) =>
        tree.FilePath.EndsWith(".g.cs", StringComparison.OrdinalIgnoreCase)
        || tree.FilePath.EndsWith(".generated.cs", StringComparison.OrdinalIgnoreCase);

    private IOperation? Find(IMethodSymbol method, CancellationToken cancellationToken) =>
        method.DeclaringSyntaxReferences.IsEmpty || method.IsAbstract || method.IsImplicitlyDeclared
            ? null
            : Of(method.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken), cancellationToken);
}
