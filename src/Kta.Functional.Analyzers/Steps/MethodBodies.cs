using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;

namespace Kta.Functional.Analyzers.Steps;

/// <summary>The bodies of methods that are written in the compilation at hand, for following calls.</summary>
internal sealed class MethodBodies(Compilation compilation)
{
    private readonly ConcurrentDictionary<IMethodSymbol, IOperation?> _known = new(SymbolEqualityComparer.Default);

    internal IOperation? Of(IMethodSymbol method, CancellationToken cancellationToken)
    {
        var original = (method.ReducedFrom ?? method).OriginalDefinition;
        original = original.PartialImplementationPart ?? original;
        return _known.TryGetValue(original, out var body) ? body : _known.GetOrAdd(original, Find(original, cancellationToken));
    }

    private IOperation? Find(IMethodSymbol method, CancellationToken cancellationToken)
    {
        if (method.DeclaringSyntaxReferences.IsEmpty || method.IsAbstract || method.IsImplicitlyDeclared)
        {
            return null;
        }

        var syntax = method.DeclaringSyntaxReferences[0].GetSyntax(cancellationToken);
        if (!compilation.ContainsSyntaxTree(syntax.SyntaxTree))
        {
            return null;
        }

        // The body may stand in any file; the compiler hands out the model of the analyzed one only.
#pragma warning disable RS1030
        return compilation.GetSemanticModel(syntax.SyntaxTree).GetOperation(syntax, cancellationToken);
#pragma warning restore RS1030
    }
}
