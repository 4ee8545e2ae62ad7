using Microsoft.CodeAnalysis;

namespace Kta.Functional.Analyzers.Rules;

/// <summary>The immutable collections that hold what a mutable one holds.</summary>
internal static class FrozenTypes
{
    private static readonly Dictionary<string, string> Counterparts = new()
    {
        ["List"] = "ImmutableList",
        ["IList"] = "ImmutableList",
        ["ICollection"] = "ImmutableList",
        ["LinkedList"] = "ImmutableList",
        ["Collection"] = "ImmutableList",
        ["Dictionary"] = "ImmutableDictionary",
        ["IDictionary"] = "ImmutableDictionary",
        ["ConcurrentDictionary"] = "ImmutableDictionary",
        ["SortedDictionary"] = "ImmutableSortedDictionary",
        ["SortedList"] = "ImmutableSortedDictionary",
        ["HashSet"] = "ImmutableHashSet",
        ["ISet"] = "ImmutableHashSet",
        ["SortedSet"] = "ImmutableSortedSet",
    };

    /// <summary>For messages: <c>ImmutableList&lt;int&gt;</c>; null for what is no such collection.</summary>
    internal static string? NameFor(ITypeSymbol type) => Counterpart(type) is var (name, held)
        ? $"{name}<{string.Join(", ", held.Select(one => one.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)))}>"
        : null;

    internal static (string Name, ITypeSymbol[] Held)? Counterpart(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol { Rank: 1 } array => ("ImmutableArray", [array.ElementType]),
        INamedTypeSymbol { IsGenericType: true } named
            when named.ContainingNamespace?.ToDisplayString().StartsWith("System.Collections.", StringComparison.Ordinal) == true
                 && Counterparts.TryGetValue(named.Name, out var name) => (name, [.. named.TypeArguments]),
        _ => null,
    };
}
