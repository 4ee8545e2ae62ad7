using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Kta.Functional;

/// <summary>
/// Numbers, times, and what holds them in results, named one by one so that they are compiled: native code is not shared
/// between value types. That of <c>string</c> is shared by all classes.
/// </summary>
internal static class NativeValues
{
    private static readonly ConcurrentDictionary<Type, Func<JsonSerializerOptions, JsonTypeInfo>> s_types = [];
    private static readonly ConcurrentDictionary<Type, Func<MemberInfo, JsonSerializerOptions, JsonPropertyInfo>> s_members = [];

    private static readonly MethodInfo s_addCollections = ((Action)AddCollections<string>).Method.GetGenericMethodDefinition();
    private static readonly MethodInfo s_addMaps = ((Action)AddMaps<string, string>).Method.GetGenericMethodDefinition();

    static NativeValues()
    {
        Add<bool>();
        Add<int>();
        Add<long>();
        Add<float>();
        Add<double>();
        Add<decimal>();
        Add<DateTime>();
        Add<DateTimeOffset>();
        Add<TimeSpan>();
        Add<Guid>();
    }

    internal static JsonPropertyInfo? TryMember(Type type, MemberInfo member, JsonSerializerOptions options)
    {
        AddParts(type);
        return s_members.GetValueOrDefault(type)?.Invoke(member, options);
    }

    internal static JsonTypeInfo? TryMake(Type type, JsonSerializerOptions options)
    {
        AddParts(type);
        return s_types.GetValueOrDefault(type)?.Invoke(options);
    }

    private static void AddParts(Type type)
    {
        if (!s_types.ContainsKey(type) && PartsOf(type) is var parts && parts.All(part => !part.IsValueType))
        {
            AddShared(parts);
        }
    }

    /// <summary>What a collection or a dictionary is made of; nothing for other types.</summary>
    private static Type[] PartsOf(Type type) =>
        type.IsArray ? [type.GetElementType()!]
        : type.IsGenericType && typeof(System.Collections.IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()
        : [];

    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "The type parameters have no requirements.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Classes share the code of string, which is compiled below.")]
    private static void AddShared(Type[] parts)
    {
        switch (parts)
        {
            case [var element]:
                s_addCollections.MakeGenericMethod(element).Invoke(null, null);
                break;
            case [var key, var value] when key == typeof(string) || key == typeof(TopologyNode):
                s_addMaps.MakeGenericMethod(key, value).Invoke(null, null);
                break;
        }
    }

    private static void Add<T>()
        where T : struct
    {
        s_members[typeof(T)] = NativeTypes.MakeMember<T>;
        s_members[typeof(T?)] = NativeTypes.MakeMember<T?>;
        s_types[typeof(T?)] = options => JsonMetadataServices.CreateValueInfo<T?>(options, JsonMetadataServices.GetNullableConverter<T>(options));
        AddCollections<T>();
        AddMaps<string, T>();
        AddMaps<TopologyNode, T>();
    }

    private static void AddCollections<T>()
    {
        s_types[typeof(T[])] = options => JsonMetadataServices.CreateArrayInfo<T>(options, new());
        s_types[typeof(List<T>)] = options => JsonMetadataServices.CreateListInfo<List<T>, T>(options, new() { ObjectCreator = () => [] });
        s_types[typeof(HashSet<T>)] = options => JsonMetadataServices.CreateISetInfo<HashSet<T>, T>(options, new() { ObjectCreator = () => [] });
        s_members[typeof(ImmutableArray<T>)] = NativeTypes.MakeMember<ImmutableArray<T>>;
        s_types[typeof(ImmutableArray<T>)] = options =>
            JsonMetadataServices.CreateImmutableEnumerableInfo<ImmutableArray<T>, T>(options, new(), ImmutableArray.CreateRange);
        s_types[typeof(ImmutableList<T>)] = options =>
            JsonMetadataServices.CreateImmutableEnumerableInfo<ImmutableList<T>, T>(options, new(), ImmutableList.CreateRange);
        s_types[typeof(IEnumerable<T>)] = Sequence<IEnumerable<T>, T>;
        s_types[typeof(IReadOnlyCollection<T>)] = Sequence<IReadOnlyCollection<T>, T>;
        s_types[typeof(IReadOnlyList<T>)] = Sequence<IReadOnlyList<T>, T>;
        s_types[typeof(IList<T>)] = options => JsonMetadataServices.CreateIListInfo<IList<T>, T>(options, new());
        s_types[typeof(ICollection<T>)] = options => JsonMetadataServices.CreateICollectionInfo<ICollection<T>, T>(options, new());
    }

    private static void AddMaps<TKey, T>()
        where TKey : notnull
    {
        s_types[typeof(Dictionary<TKey, T>)] = options =>
            JsonMetadataServices.CreateDictionaryInfo<Dictionary<TKey, T>, TKey, T>(options, new() { ObjectCreator = () => [] });
        s_types[typeof(ImmutableDictionary<TKey, T>)] = options =>
            JsonMetadataServices.CreateImmutableDictionaryInfo<ImmutableDictionary<TKey, T>, TKey, T>(
                options, new(), ImmutableDictionary.CreateRange);
        s_types[typeof(IReadOnlyDictionary<TKey, T>)] = options =>
            JsonMetadataServices.CreateIReadOnlyDictionaryInfo<IReadOnlyDictionary<TKey, T>, TKey, T>(options, new());
        s_types[typeof(IDictionary<TKey, T>)] = options =>
            JsonMetadataServices.CreateIDictionaryInfo<IDictionary<TKey, T>, TKey, T>(options, new());
    }

    private static JsonTypeInfo<TSequence> Sequence<TSequence, T>(JsonSerializerOptions options)
        where TSequence : IEnumerable<T> =>
        JsonMetadataServices.CreateIEnumerableInfo<TSequence, T>(options, new());
}
