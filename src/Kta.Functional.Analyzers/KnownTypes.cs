using Kta.Functional.Analyzers.Steps;
using Microsoft.CodeAnalysis;

namespace Kta.Functional.Analyzers;

/// <summary>The types of the library, as the compilation at hand sees them.</summary>
internal sealed class KnownTypes
{
    private readonly Dictionary<ISymbol, StepKind> _contexts = new(SymbolEqualityComparer.Default);
    private readonly INamedTypeSymbol?[] _ofACall;

    private KnownTypes(Compilation compilation, INamedTypeSymbol stepContext, INamedTypeSymbol steps)
    {
        StepContext = stepContext;
        Steps = steps;
        Library = stepContext.ContainingAssembly;
        IsLibraryItself = SymbolEqualityComparer.Default.Equals(Library, compilation.Assembly);
        History = compilation.GetTypeByMetadataName("Kta.Functional.History`2");
        Plan = compilation.GetTypeByMetadataName("Kta.Functional.Plan");
        Topology = compilation.GetTypeByMetadataName("Kta.Functional.Topology");
        TopologyNode = compilation.GetTypeByMetadataName("Kta.Functional.TopologyNode");
        Service = compilation.GetTypeByMetadataName("Kta.Functional.Service`1");
        CancellationToken = compilation.GetTypeByMetadataName("System.Threading.CancellationToken");
        _ofACall = [History, compilation.GetTypeByMetadataName("Kta.Functional.HistoryEntry`2")];
        Add(compilation, "MonitorContext", StepKind.Monitor);
        Add(compilation, "MonitorContext`2", StepKind.Monitor);
        Add(compilation, "AnalyzeContext`1", StepKind.Analyze);
        Add(compilation, "AnalyzeContext`2", StepKind.Analyze);
        Add(compilation, "PlanContext`2", StepKind.Plan);
    }

    internal INamedTypeSymbol StepContext { get; }

    /// <summary>What every class with steps implements.</summary>
    internal INamedTypeSymbol Steps { get; }

    internal IAssemblySymbol Library { get; }

    internal bool IsLibraryItself { get; }

    internal INamedTypeSymbol? History { get; }

    internal INamedTypeSymbol? Plan { get; }

    internal INamedTypeSymbol? Topology { get; }

    internal INamedTypeSymbol? TopologyNode { get; }

    internal INamedTypeSymbol? Service { get; }

    internal INamedTypeSymbol? CancellationToken { get; }

    /// <summary>Null when the library is not referenced: then there is nothing to look for.</summary>
    internal static KnownTypes? Of(Compilation compilation) =>
        compilation.GetTypeByMetadataName("Kta.Functional.StepContext") is { } context
        && compilation.GetTypeByMetadataName("Kta.Functional.IUdfs`2") is { } steps
            ? new(compilation, context, steps)
            : null;

    /// <summary>
    /// The step a function belongs to. Whatever takes the context of a step and answers something is code of that step:
    /// lambdas, methods handed over as method groups, methods of classes with steps, and what they call with their context.
    /// </summary>
    internal StepKind? StepOf(IMethodSymbol function) =>
        !function.ReturnsVoid
        && !function.Parameters.IsEmpty
        && function.MethodKind is MethodKind.AnonymousFunction or MethodKind.LocalFunction or MethodKind.Ordinary
            or MethodKind.ExplicitInterfaceImplementation
        && _contexts.TryGetValue(function.Parameters[0].Type.OriginalDefinition, out var step)
            ? step
            : null;

    internal bool HasSteps(ITypeSymbol type) =>
        type.AllInterfaces.Any(one => SymbolEqualityComparer.Default.Equals(one.OriginalDefinition, Steps));

    /// <summary>Whether a value of this type is, or holds, what a call was given.</summary>
    internal bool IsOfACall(ITypeSymbol? type, int depth = 0) => type switch
    {
        null => false,
        _ when depth > 4 => false,
        IArrayTypeSymbol array => IsOfACall(array.ElementType, depth + 1),
        INamedTypeSymbol named =>
            InheritsFromContext(named)
            || _ofACall.Contains(named.OriginalDefinition, SymbolEqualityComparer.Default)
            || (named.IsTupleType || named.AllInterfaces.Any(IsEnumerable) || IsEnumerable(named))
            && named.TypeArguments.Any(argument => IsOfACall(argument, depth + 1)),
        _ => false,
    };

    internal static bool Is(ITypeSymbol? type, INamedTypeSymbol? known) =>
        known is not null && SymbolEqualityComparer.Default.Equals(type?.OriginalDefinition, known);

    private static bool IsEnumerable(INamedTypeSymbol type) => type.SpecialType == SpecialType.System_Collections_IEnumerable;

    private bool InheritsFromContext(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? one = type; one is not null; one = one.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(one, StepContext))
            {
                return true;
            }
        }

        return false;
    }

    private void Add(Compilation compilation, string name, StepKind step)
    {
        if (compilation.GetTypeByMetadataName("Kta.Functional." + name) is { } type)
        {
            _contexts[type] = step;
        }
    }
}
