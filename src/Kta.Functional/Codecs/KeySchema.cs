using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kta.Functional;

/// <summary>The JSON Schemas of what can be the name of a member.</summary>
internal static class KeySchema
{
    private const string NumberPattern = @"^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$";

    /// <summary>One UTF-16 unit.</summary>
    private const string LetterPattern = @"^[\u0000-\uFFFF]$";

    /// <summary>Null for anything.</summary>
    internal static JsonObject? Of(JsonTypeInfo key)
    {
        var type = key.Type;
        return typeof(TopologyNode).IsAssignableFrom(type) ? Named(@"^\s*\{", NodeSchema.Example(type))
            : key.Converter is not ISchemaOwner && !ObjectFields.IsOfFramework(key.Converter.GetType()) ? null
            : WholeNumbers.Types.Contains(type) || type == typeof(Int128) || type == typeof(UInt128) ? Named(ValueSchema.WholePattern, "1")
            : ValueSchema.Texts.TryGetValue(type, out var text) ? Named(text.Pattern, text.Example)
            : type == typeof(double) || type == typeof(float) || type == typeof(decimal) || type == typeof(Half) ? Named(NumberPattern, "1.5")
            : type == typeof(bool) ? Named($"^({AnyCase("true")}|{AnyCase("false")})$", "true")
            : type == typeof(char) ? Named(LetterPattern, "a")
            : type.IsEnum ? OfEnum(key)
            : null;
    }

    private static JsonObject? OfEnum(JsonTypeInfo key)
    {
        // Flags are read in any combination. Names that a converter changes are those that its schema has.
        if (key.Type.IsDefined(typeof(FlagsAttribute), inherit: false))
        {
            return null;
        }

        var told = (key.GetJsonSchemaAsNode() as JsonObject)?["enum"] as JsonArray;
        var own = OwnNames(key.Type);
        var names = told is null
            ? [.. Enum.GetNames(key.Type).Select(name => own.GetValueOrDefault(name, name))]
            : told.Select(name => name!.GetValue<string>()).ToList();
        if (names.Count == 0)
        {
            return null;
        }

        // Only names that an attribute gives have one case.
        var digits = ValueSchema.IsRead(key, "0"u8) ? "|[+-]?[0-9]+" : "";
        var words = names.Select(name => own.ContainsValue(name) ? string.Concat(name.Select(Exact)) : AnyCase(name));
        return Named($"^({string.Join('|', words)}{digits})$", names[0]);
    }

    /// <summary>What attributes call the values of an enum.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A field that was trimmed has no name of its own to be found.")]
    private static Dictionary<string, string> OwnNames(Type type) => Enum.GetNames(type)
        .Select(name => (Name: name, Own: type.GetField(name)?.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name))
        .Where(one => one.Own is not null)
        .ToDictionary(one => one.Name, one => one.Own!);

    private static JsonObject Named(string pattern, string example) => new() { ["pattern"] = pattern, ["examples"] = new JsonArray(example) };

    private static string AnyCase(string word) => string.Concat(word.Select(letter =>
        char.ToLowerInvariant(letter) is var low && char.ToUpperInvariant(letter) is var high && low != high ? $"[{low}{high}]" : Exact(letter)));

    private static string Exact(char letter) => @"^$\.*+?()[]{}|/".Contains(letter, StringComparison.Ordinal) ? $@"\{letter}" : $"{letter}";
}
