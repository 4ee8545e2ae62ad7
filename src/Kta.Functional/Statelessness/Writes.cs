using System.CodeDom.Compiler;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Kta.Functional.Statelessness;

/// <summary>What changes an object, and what does not count though it does.</summary>
internal static class Writes
{
    private static readonly string[] Verbs =
    [
        "Add", "And", "Append", "Clear", "Dequeue", "Enqueue", "ExceptWith", "Fill", "GetOrAdd", "Insert", "IntersectWith", "Move", "Not", "Or",
        "Pop", "Push", "Remove", "Replace", "Reset", "Reverse", "SetA", "SetB", "SetV", "set_", "Sort", "SymmetricExceptWith", "Take", "UnionWith", "Xor",
        "TryAdd", "TryDequeue", "TryPop", "TryRemove", "TryTake", "TryUpdate",
    ];

    /// <summary>In the names of statics that compilers make, and of those that tools count in.</summary>
    private static readonly string[] Woven = ["<>", "<PrivateImpl", "Coverage", "Coverlet", "AltCover", "Instrumentation", "HitsArray"];

    /// <summary>Whether a call of the framework changes the collection, cell or array it is made on.</summary>
    internal static bool Change(MethodBase called) => called.DeclaringType is { } type && type.Namespace switch
    {
        "System.Collections.Immutable" => type.Name == "Builder" && HasVerb(called),
        "System.Text" => type == typeof(StringBuilder) && HasVerb(called),
        "System" => type == typeof(Array) && HasVerb(called),
        "System.Threading" => called.Name == "set_Value",
        "Microsoft.FSharp.Core" => called.Name is "set_Value" or "set_contents" or "Increment" or "Decrement" or "op_ColonEquals",
        "Microsoft.FSharp.Collections" => type.Name == "ArrayModule" && (called.Name is "Set" or "Fill" || called.Name.StartsWith("SortInPlace", StringComparison.Ordinal)),
        { } name => (name == "System.Text.Json.Nodes" || name.StartsWith("System.Collections", StringComparison.Ordinal)) && HasVerb(called),
        null => false,
    };

    /// <summary>Fields where compilers keep what they make once, and counters that tools weave in, are nobody's state.</summary>
    internal static bool Count(FieldInfo field) =>
        !field.Name.StartsWith("<>", StringComparison.Ordinal) && !field.Name.Contains("init@", StringComparison.Ordinal)
        && !(field is { IsStatic: true, DeclaringType: { FullName: { } name } type }
            && !name.Contains("<StartupCode$", StringComparison.Ordinal)
            && (Woven.Any((name + "." + field.Name).Contains)
                || IsMarked(type, typeof(GeneratedCodeAttribute))
                || (type is { IsAbstract: true, IsSealed: true } && (IsMarked(type, typeof(ExcludeFromCodeCoverageAttribute)) || IsMarked(type, typeof(CompilerGeneratedAttribute))))));

    /// <summary>Whether code is written by a generator, which answers for what it caches.</summary>
    internal static bool IsGenerated(MethodBase method) =>
        IsMarked(method, typeof(GeneratedCodeAttribute)) || (method.DeclaringType is { } type && IsMarked(type, typeof(GeneratedCodeAttribute)));

    private static bool IsMarked(MemberInfo? member, Type mark) => member is not null && (Attribute.IsDefined(member, mark) || IsMarked(member.DeclaringType, mark));

    private static bool HasVerb(MethodBase called) =>
        (called.Name == "Set" || Verbs.Any(verb => called.Name.StartsWith(verb, StringComparison.Ordinal))) && called is not MethodInfo { ReturnType.Name: "IEnumerable`1" };
}
