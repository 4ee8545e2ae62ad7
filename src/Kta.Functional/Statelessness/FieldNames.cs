using System.Reflection;

namespace Kta.Functional.Statelessness;

/// <summary>What a programmer calls a field that a compiler has named.</summary>
internal static class FieldNames
{
    internal static string Variable(FieldInfo field) =>
        field.Name.EndsWith("__this", StringComparison.Ordinal) ? "this"
        : field.Name.StartsWith('<') && field.Name.IndexOf('>', StringComparison.Ordinal) is > 1 and var end ? field.Name[1..end]
        : field.Name;

    internal static string Label(FieldInfo field) => $"{TypeText.Of(field.DeclaringType!)}.{Variable(field)}";
}
