using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Kta.Functional.Analyzers.Rules;

/// <summary>KTA002: a class with steps has a field or a property that can change.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class MutableMemberRule : DiagnosticAnalyzer
{
    internal const string Id = "KTA002";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A class with steps has a member that can change",
        "{0} '{1}' of '{2}' can change, and all calls share one '{2}'; make it {3}",
        "Statelessness",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "One object serves all requests, also at the same time. What its steps use is set when it is made, and stays.",
        HelpLinks.Folder + "KTA002.md");

    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => [Rule];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (KnownTypes.Of(start.Compilation) is { IsLibraryItself: false } known)
            {
                start.RegisterSymbolAction(found => Look(found, known), SymbolKind.Field, SymbolKind.Property);
            }
        });
    }

    private static void Look(SymbolAnalysisContext found, KnownTypes known)
    {
        var member = found.Symbol;
        if (member.IsStatic || member.IsImplicitlyDeclared || member.Locations.IsEmpty
            || member.ContainingType is not { TypeKind: TypeKind.Class } type || !known.HasSteps(type))
        {
            return;
        }

        var (kind, instead) = member switch
        {
            IFieldSymbol { IsReadOnly: false, IsConst: false, AssociatedSymbol: null } => ("Field", "readonly"),
            IPropertySymbol { SetMethod: { IsInitOnly: false, DeclaredAccessibility: var access } } property when IsStored(property) =>
                ("Property", access == Accessibility.Private ? "get-only" : "init-only"),
            _ => default,
        };
        if (kind is not null)
        {
            // A member that cannot be assigned, but added to, would be no better.
            var held = member is IFieldSymbol field ? field.Type : ((IPropertySymbol)member).Type;
            instead += FrozenTypes.NameFor(held) is { } frozen ? $", of an immutable type such as {frozen}" : "";
            found.ReportDiagnostic(Diagnostic.Create(Rule, member.Locations[0], kind, member.Name, type.Name, instead));
        }
    }

    private static bool IsStored(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>()
            .Any(field => SymbolEqualityComparer.Default.Equals(field.AssociatedSymbol, property));
}
