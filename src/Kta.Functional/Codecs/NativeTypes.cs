using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kta.Functional;

/// <summary>
/// Metadata by reflection in a native program. There, System.Text.Json asks for generic types that nobody has compiled as
/// soon as a constructor takes a number, or a list holds some. Here they are put together from what is compiled.
/// </summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = Note)]
[UnconditionalSuppressMessage("Trimming", "IL2060", Justification = Note)]
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Note)]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Note)]
[UnconditionalSuppressMessage("AOT", "IL3050", Justification = Note)]
internal sealed class NativeTypes : IJsonTypeInfoResolver
{
    private const string Note =
        "What is not compiled or was trimmed is refused when the algorithm is made; the packages keep the program's own types.";

    private const BindingFlags Members = BindingFlags.Public | BindingFlags.Instance;

    private readonly DefaultJsonTypeInfoResolver _reflection = new();

    public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options)
    {
        if (NativeValues.TryMake(type, options) is { } known)
        {
            return known;
        }

        try
        {
            return ConstructorOf(type, options) is { } constructor
                ? Shared<JsonTypeInfo>(s_makeObject, type, constructor, options)
                : KeptWhole(type, _reflection.GetTypeInfo(type, options));
        }
        catch (Exception error) when (error is NotSupportedException or MissingMemberException or TargetInvocationException)
        {
            throw NotCompiled(type, error);
        }
    }

    private static NotSupportedException NotCompiled(Type type, Exception? reason = null, MemberInfo? member = null) => new(
        $"A native program has no code that writes and reads {TypeText.Of(type)} by reflection" +
        (member is null ? ". " : $" ({TypeText.Of(member.DeclaringType!)}.{member.Name}). ") +
        "Give the step a source-generated codec, " +
        "Codec.Json<MyResult>(MyContext.Default) with [JsonSerializable(typeof(MyResult))] on MyContext, or one of two functions, Codec.FromText.",
        reason);

    /// <summary>Members nobody calls are trimmed away, and what is left would be written as <c>{}</c>.</summary>
    private static JsonTypeInfo KeptWhole(Type type, JsonTypeInfo info) =>
        (info is not { Kind: JsonTypeInfoKind.Object, CreateObject: null, Properties.Count: 0 } || type.IsAbstract || type == typeof(object))
        && (info.Kind == JsonTypeInfoKind.None || !DefaultJson.IsFSharpOption(type))
            ? info
            : throw NotCompiled(type);

    /// <summary>The constructor that System.Text.Json would call with arguments, if the type is for us.</summary>
    private static ConstructorInfo? ConstructorOf(Type type, JsonSerializerOptions options)
    {
        if (type.IsValueType || type.IsAbstract || type.Namespace is "System" || typeof(System.Collections.IEnumerable).IsAssignableFrom(type)
            || type.IsDefined(typeof(JsonConverterAttribute)) || options.Converters.Any(converter => converter.CanConvert(type)))
        {
            return null;
        }

        var constructors = type.GetConstructors(Members);
        var chosen = constructors.FirstOrDefault(constructor => constructor.IsDefined(typeof(JsonConstructorAttribute)))
                     ?? constructors.FirstOrDefault(constructor => constructor.GetParameters().Length == 0)
                     ?? (constructors is [var only] ? only : null);
        return chosen?.GetParameters().Length > 0 ? chosen : null;
    }

    private static readonly MethodInfo s_makeObject =
        ((Func<ConstructorInfo, JsonSerializerOptions, JsonTypeInfo>)MakeObject<object>).Method.GetGenericMethodDefinition();

    private static readonly MethodInfo s_makeMember =
        ((Func<MemberInfo, JsonSerializerOptions, JsonPropertyInfo>)MakeMember<object>).Method.GetGenericMethodDefinition();

    /// <summary>Code is shared by all classes, so that of <c>object</c> is theirs too; a struct would need its own.</summary>
    private static T Shared<T>(MethodInfo method, Type type, object argument, JsonSerializerOptions options) =>
        (T)method.MakeGenericMethod(type).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [argument, options], null)!;

    private static JsonTypeInfo<T> MakeObject<T>(ConstructorInfo constructor, JsonSerializerOptions options)
        where T : class
    {
        var isRequired = typeof(T).IsDefined(typeof(RequiredMemberAttribute)) && !constructor.IsDefined(typeof(SetsRequiredMembersAttribute));
        var nullability = new NullabilityInfoContext();
        var parameters = constructor.GetParameters();
        var type = JsonMetadataServices.CreateObjectInfo(options, new JsonObjectInfoValues<T>
        {
            // The array comes from a pool and may be longer.
            ObjectWithParameterizedConstructorCreator = arguments =>
                (T)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments[..parameters.Length], null),
            ConstructorParameterMetadataInitializer = () =>
                [.. parameters.Select(parameter => Parameter(parameter, nullability))],
            PropertyMetadataInitializer = _ =>
                [.. MembersOf(typeof(T), options).Select(member => Member(member, options, isRequired, nullability))],
            ConstructorAttributeProviderFactory = () => constructor,
            NumberHandling = typeof(T).GetCustomAttribute<JsonNumberHandlingAttribute>()?.Handling ?? default,
        });
        type.UnmappedMemberHandling = typeof(T).GetCustomAttribute<JsonUnmappedMemberHandlingAttribute>()?.UnmappedMemberHandling;
        return type;
    }

    private static JsonParameterInfoValues Parameter(ParameterInfo parameter, NullabilityInfoContext nullability) => new()
    {
        Name = parameter.Name!,
        ParameterType = parameter.ParameterType,
        Position = parameter.Position,
        HasDefaultValue = parameter.HasDefaultValue,
        DefaultValue = parameter.HasDefaultValue ? parameter.DefaultValue : null,
        IsNullable = nullability.Create(parameter).WriteState != NullabilityState.NotNull,
    };

    /// <summary>Those of the type itself first: they hide the ones they override.</summary>
    private static IEnumerable<MemberInfo> MembersOf(Type type, JsonSerializerOptions options) =>
        type.GetProperties(Members)
            .Where(property => property.GetMethod?.IsPublic == true && property.GetIndexParameters().Length == 0)
            .Concat<MemberInfo>(type.GetFields(Members)
                .Where(field => options.IncludeFields || field.IsDefined(typeof(JsonIncludeAttribute))))
            .DistinctBy(member => member.Name);

    private static JsonPropertyInfo Member(
        MemberInfo member, JsonSerializerOptions options, bool canBeRequired, NullabilityInfoContext nullability)
    {
        var type = member is PropertyInfo property ? property.PropertyType : ((FieldInfo)member).FieldType;
        var info = NativeValues.TryMember(type, member, options)
                   ?? (type.IsValueType
                       ? throw NotCompiled(type, member: member)
                       : Shared<JsonPropertyInfo>(s_makeMember, type, member, options));
        info.Order = member.GetCustomAttribute<JsonPropertyOrderAttribute>()?.Order ?? 0;
        info.IsRequired = member.IsDefined(typeof(JsonRequiredAttribute))
                          || (canBeRequired && member.IsDefined(typeof(RequiredMemberAttribute)));
        if (!type.IsValueType)
        {
            var state = member is PropertyInfo read ? nullability.Create(read) : nullability.Create((FieldInfo)member);
            info.IsGetNullable = state.ReadState != NullabilityState.NotNull;
            info.IsSetNullable = state.WriteState != NullabilityState.NotNull;
        }

        return info;
    }

    internal static JsonPropertyInfo MakeMember<T>(MemberInfo member, JsonSerializerOptions options)
    {
        var property = member as PropertyInfo;
        var field = member as FieldInfo;
        return JsonMetadataServices.CreatePropertyInfo(options, new JsonPropertyInfoValues<T>
        {
            IsProperty = property is not null,
            IsPublic = true,
            DeclaringType = member.DeclaringType!,
            PropertyName = member.Name,
            JsonPropertyName = member.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name,
            Getter = instance => (T?)(property is not null ? property.GetValue(instance) : field!.GetValue(instance)),
            Setter = property is { SetMethod.IsPublic: true } ? (instance, value) => property.SetValue(instance, value)
                : field is { IsInitOnly: false } ? (instance, value) => field.SetValue(instance, value)
                : null,
            IgnoreCondition = member.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition,
            HasJsonInclude = member.IsDefined(typeof(JsonIncludeAttribute)),
            IsExtensionData = member.IsDefined(typeof(JsonExtensionDataAttribute)),
            NumberHandling = member.GetCustomAttribute<JsonNumberHandlingAttribute>()?.Handling,
            Converter = (JsonConverter<T>?)ConverterOn(member, typeof(T)),
            AttributeProviderFactory = () => member,
        });
    }

    private static JsonConverter? ConverterOn(MemberInfo member, Type type) =>
        member.GetCustomAttribute<JsonConverterAttribute>() is not { } attribute
            ? null
            : attribute.ConverterType is { } chosen ? (JsonConverter?)Activator.CreateInstance(chosen) : attribute.CreateConverter(type);
}
