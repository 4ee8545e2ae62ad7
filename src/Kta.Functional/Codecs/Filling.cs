using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Kta.Functional;

/// <summary>Puts what was read into the collection or object that a member without a setter holds.</summary>
internal static class Filling
{
    /// <summary>Whether the values of a type can be filled at all; <see cref="IsReady"/> knows about a single one.</summary>
    internal static bool IsPossible(Type type) =>
        !type.IsValueType
        && !type.IsArray
        && type != typeof(string)
        && !typeof(JsonNode).IsAssignableFrom(type)
        && !typeof(Delegate).IsAssignableFrom(type);

    /// <summary>Whether a value can be emptied and filled again.</summary>
    internal static bool IsReady(object target, JsonTypeInfo type) => target switch
    {
        IDictionary dictionary => dictionary is { IsFixedSize: false, IsReadOnly: false },
        IList list => list is { IsFixedSize: false, IsReadOnly: false },
        IEnumerable => Collection.Of(target) is { IsReadOnly: false },
        _ => type.Kind == JsonTypeInfoKind.Object
             && target.GetType() == type.Type
             && type.Properties.All(member => member.Get is null || member.Set is not null || !ObjectFields.IsStored(member)),
    };

    internal static void Fill(object? target, object? source, JsonSerializerOptions options)
    {
        if (target is null || source is null)
        {
            throw new JsonException(source is null ? "null stands where a member without a setter holds a value" : "a member without a setter holds null, which cannot be filled");
        }

        switch (target)
        {
            case IDictionary dictionary:
                dictionary.Clear();
                foreach (DictionaryEntry entry in (IDictionary)source)
                {
                    dictionary.Add(entry.Key, entry.Value);
                }

                break;
            case IList list:
                list.Clear();
                foreach (var item in (IEnumerable)source)
                {
                    list.Add(item);
                }

                break;
            case IEnumerable:
                Collection.Of(target)!.Fill((IEnumerable)source);
                break;
            default:
                foreach (var member in options.GetTypeInfo(target.GetType()).Properties)
                {
                    if (member is { Get: { } get, Set: { } set })
                    {
                        set(target, get(source));
                    }
                }

                break;
        }
    }

    /// <summary>Sets and other collections that only their generic interface can change.</summary>
    private sealed class Collection(object target, Type face)
    {
        internal bool IsReadOnly => Call(nameof(ICollection<>.IsReadOnly)) is true;

        [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "Where interfaces are trimmed there is none, and the member is refused.")]
        internal static Collection? Of(object target) =>
            target.GetType().GetInterfaces().FirstOrDefault(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(ICollection<>)) is { } face
                ? new(target, face)
                : null;

        internal void Fill(IEnumerable items)
        {
            Call(nameof(ICollection<>.Clear));
            foreach (var item in items)
            {
                Call(nameof(ICollection<>.Add), item);
            }
        }

        [DynamicDependency(DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.PublicProperties, typeof(ICollection<>))]
        [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "The members of the only interface this is about are kept.")]
        [UnconditionalSuppressMessage("Trimming", "IL2080", Justification = "The members of the only interface this is about are kept.")]
        private object? Call(string name, params object?[] arguments) =>
            (face.GetMethod(name) ?? face.GetProperty(name)!.GetMethod!).Invoke(target, arguments);
    }
}
