using System.Reflection;

namespace Kta.Functional.Reflection;

/// <summary>What compilers name and make, and what a programmer calls it.</summary>
internal static class MemberNames
{
    /// <summary>Types that compilers make for a piece of a method: closures and state machines, but not <c>file</c> types (<c>&lt;File&gt;F…</c>).</summary>
    internal static bool IsMadeByCompiler(Type type) =>
        type.Name.Contains('@', StringComparison.Ordinal) || (type.Name.StartsWith('<') && !type.Name.Contains(">F", StringComparison.Ordinal));

    internal static string Variable(FieldInfo field) => field.Name.EndsWith("__this", StringComparison.Ordinal) ? "this" : Plain(field.Name);

    internal static string Label(FieldInfo field) =>
        field.DeclaringType is not { } type || type.FullName?.Contains("<StartupCode$", StringComparison.Ordinal) is true
            ? Variable(field)
            : $"{TypeText.Of(type)}.{Variable(field)}";

    /// <summary>The method as written: a state machine's or closure's is called as what it was made of.</summary>
    internal static string Label(MethodBase method) =>
        method.Name.StartsWith('<') ? Plain(method.Name)
        : method.DeclaringType is not { } type ? method.Name
        : IsMadeByCompiler(type) ? Plain(type.Name)
        : method.IsConstructor ? $"new {TypeText.Of(type)}"
        : $"{TypeText.Of(type)}.{Plain(method.Name.Split('.')[^1])}";

    /// <summary>A called method, a setter by its property. Optimized F# sets <c>contents</c> where other F# sets <c>Value</c>.</summary>
    internal static string Called(MethodBase method) =>
        $"{TypeText.Of(method.DeclaringType!)}.{(method.Name == "set_contents" ? "Value" : method.Name.StartsWith("set_", StringComparison.Ordinal) ? method.Name[4..] : method.Name)}";

    /// <summary><c>&lt;Total&gt;k__BackingField</c>, <c>&lt;&lt;Main&gt;g__Next|0_1&gt;d</c>, <c>calls@12</c> are Total, Next and calls.</summary>
    private static string Plain(string name)
    {
        var local = name.IndexOf(">g__", StringComparison.Ordinal);
        var plain = local >= 0 ? name[(local + 4)..].Split('|')[0] : name.StartsWith('<') ? name.TrimStart('<').Split('>')[0] : name.Split('@')[0];
        return plain.Length > 0 ? plain : name;
    }
}
