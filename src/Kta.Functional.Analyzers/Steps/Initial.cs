using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Steps;

/// <summary>What captured variables, fields and properties are given when they are made: by initialisers and by constructors.</summary>
internal sealed class Initial(MethodBodies bodies, CancellationToken cancellationToken)
{
    /// <summary>The values behind something that is read and was there before the call.</summary>
    internal IEnumerable<(ISymbol Of, IOperation Value)> Read(IOperation operation, CalledFunction frame)
    {
        (ISymbol? symbol, IOperation? instance) = operation switch
        {
            ILocalReferenceOperation { Local: { IsConst: false } local } when !frame.IsOwn(local) => (local, null),
            IFieldReferenceOperation { Field: { IsConst: false } field } reference => (field, reference.Instance),
            IPropertyReferenceOperation reference when !Callee.IsOnlyWritten(reference) => (reference.Property, reference.Instance),
            _ => default((ISymbol?, IOperation?)),
        };
        if (symbol is null || symbol.DeclaringSyntaxReferences.IsEmpty
            || instance is not null && frame.Outliving(instance) is null)
        {
            return [];
        }

        return Of(symbol).Concat(Assigned(symbol)).Select(value => (symbol, value));
    }

    /// <summary>What runs with the constructor of a new object: the initialisers of its class and of those it is derived from.</summary>
    internal IEnumerable<(ISymbol Of, IOperation Value)> Made(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? one = type; one is not null && !one.DeclaringSyntaxReferences.IsEmpty; one = one.BaseType)
        {
            foreach (var member in one.GetMembers())
            {
                if (member is IFieldSymbol { IsStatic: false, IsImplicitlyDeclared: false } or IPropertySymbol { IsStatic: false })
                {
                    foreach (var value in Of(member))
                    {
                        yield return (member, value);
                    }
                }
            }
        }
    }

    private IEnumerable<IOperation> Of(ISymbol symbol)
    {
        foreach (var declaration in symbol.DeclaringSyntaxReferences)
        {
            var initializer = declaration.GetSyntax(cancellationToken) switch
            {
                VariableDeclaratorSyntax variable => variable.Initializer,
                PropertyDeclarationSyntax property => property.Initializer,
                _ => null,
            };
            if (initializer is not null && bodies.Of(initializer.Value, cancellationToken) is { } value)
            {
                yield return value;
            }
        }
    }

    private IEnumerable<IOperation> Assigned(ISymbol member) =>
        member is not (IFieldSymbol or IPropertySymbol) ? []
        : from constructor in member.IsStatic ? member.ContainingType.StaticConstructors : member.ContainingType.InstanceConstructors
          where bodies.Of(constructor, cancellationToken) is not null
          from assignment in bodies.Of(constructor, cancellationToken)!.Descendants().OfType<ISimpleAssignmentOperation>()
          where assignment.Target is IMemberReferenceOperation { Member: var target } && SymbolEqualityComparer.Default.Equals(target, member)
          select assignment.Value;
}
