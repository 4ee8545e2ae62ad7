using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>The JSON path of the request itself or of a history entry; made into text only for a message.</summary>
/// <param name="Entry">The index of the entry, or null for the request.</param>
internal readonly record struct ObjectPath(int? Entry = null)
{
    internal static ObjectPath Request => default;

    internal string Text => Entry is { } index ? $"$.{WireNames.ResultHistory}[{index}]" : "$";

    /// <summary>The path of a member, and of what is inside of it.</summary>
    internal string Member(JsonEncodedText name, string inside = "") => $"{Text}.{name}{inside}";
}
