using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Kta.Functional.Reflection;

namespace Kta.Functional;

/// <summary>
/// The fields an object consists of, and the members that carry them: by the code of getters. A natively compiled program
/// has no such code; there nothing is found, and the same program run from the SDK finds it.
/// </summary>
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "A field that was trimmed is not found, and then there is no complaint.")]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "A field that was trimmed is not found, and then there is no complaint.")]
internal static class ObjectFields
{
    private const int DeepestCall = 3;

    /// <summary>Whether this process has byte code to read.</summary>
    private static readonly Lazy<bool> s_hasCode = new(() =>
        typeof(Version).GetProperty(nameof(Version.Major))?.GetMethod is { } getter && ByteCode.Members(getter).Any());

    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Whether a property is a field and nothing else, so that asking it changes and computes nothing.</summary>
    internal static bool IsStored(PropertyInfo property) =>
        property.GetMethod is { } getter
        && (getter.IsDefined(typeof(CompilerGeneratedAttribute), false) || ByteCode.Members(getter).ToList() is [FieldInfo { IsStatic: false }]);

    internal static bool IsStored(JsonPropertyInfo member) =>
        member.AttributeProvider is FieldInfo || (member.AttributeProvider is PropertyInfo property && IsStored(property));

    /// <summary>A field that no member brings back, with the member that shows it, if one does.</summary>
    internal static (FieldInfo Field, JsonPropertyInfo? Member)? Lost(JsonTypeInfo type)
    {
        if (!s_hasCode.Value)
        {
            return null;
        }

        var carried = new HashSet<(Type?, string)>();
        var shown = new Dictionary<(Type?, string), JsonPropertyInfo>();
        foreach (var member in type.Properties)
        {
            var isCarried = member.Set is not null || member.AssociatedParameter is not null;
            var isIgnored = member is { Get: null } || member.IsExtensionData;
            foreach (var field in FieldsOf(member))
            {
                if (isCarried || isIgnored)
                {
                    carried.Add(Key(field));
                }
                else
                {
                    shown.TryAdd(Key(field), member);
                }
            }
        }

        carried.UnionWith(Overridden(type.Type));
        foreach (var field in AllOf(type.Type))
        {
            if (!carried.Contains(Key(field)) && !IsExempt(field))
            {
                return (field, shown.GetValueOrDefault(Key(field)));
            }
        }

        return null;
    }

    /// <summary>A field that a collection of the user's own has beside its items.</summary>
    internal static FieldInfo? Beside(Type collection)
    {
        for (var type = collection; type is not null && !IsOfFramework(type); type = type.BaseType)
        {
            // One that is a collection from the ground up has fields for its items.
            var isMadeOfOthers = type.BaseType != typeof(object);
            if (type.GetFields(Own).FirstOrDefault(field => !IsExempt(field) && (isMadeOfOthers || field.Name.StartsWith('<'))) is { } field)
            {
                return field;
            }
        }

        return null;
    }

    /// <summary>What a programmer calls it.</summary>
    internal static string Name(FieldInfo field)
    {
        var name = MemberNames.Variable(field);
        return name.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? name[..at] : name;
    }

    internal static bool IsOfFramework(Type type) =>
        type.Assembly.GetName().Name is { } name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "System" or "FSharp.Core");

    private static (Type?, string) Key(FieldInfo field) => (field.DeclaringType, field.Name);

    private static IEnumerable<FieldInfo> AllOf(Type type)
    {
        for (var level = type; level is not null && level != typeof(object) && level != typeof(ValueType); level = level.BaseType)
        {
            foreach (var field in level.GetFields(Own))
            {
                yield return field;
            }
        }
    }

    /// <summary>Fields of properties that a derived type has replaced: nobody reads them any more.</summary>
    private static IEnumerable<(Type?, string)> Overridden(Type type)
    {
        var replaced = new HashSet<MethodInfo>();
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
        {
            foreach (var getter in level.GetProperties(Own).Select(property => property.GetMethod).OfType<MethodInfo>().Where(getter => getter.IsVirtual))
            {
                if (!replaced.Add(getter.GetBaseDefinition()))
                {
                    foreach (var field in Read(getter, DeepestCall))
                    {
                        yield return Key(field);
                    }
                }
            }
        }
    }

    /// <summary>F# notes in <c>init@</c> whether a constructor has ended.</summary>
    private static bool IsExempt(FieldInfo field) =>
        field.IsDefined(typeof(JsonIgnoreAttribute), false)
        || field.DeclaringType!.GetEvent(field.Name, Own) is not null
        || field.Name.StartsWith("init@", StringComparison.Ordinal);

    private static IEnumerable<FieldInfo> FieldsOf(JsonPropertyInfo member) => member.AttributeProvider switch
    {
        FieldInfo field => [field],
        PropertyInfo { GetMethod: { } getter } => Read(getter, DeepestCall),
        _ => [],
    };

    private static IEnumerable<FieldInfo> Read(MethodBase method, int depth)
    {
        foreach (var named in ByteCode.Members(method))
        {
            if (named is FieldInfo { IsStatic: false } field)
            {
                yield return field;
            }
            else if (depth > 0 && named is MethodInfo { IsStatic: false } called && called.DeclaringType is { } owner && owner.IsAssignableFrom(method.DeclaringType))
            {
                foreach (var inner in Read(called, depth - 1))
                {
                    yield return inner;
                }
            }
        }
    }
}
