using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kta.Functional;

internal static class DefaultJson
{
    // The resolver is set explicitly because file-based apps switch reflection-based defaults off.
    private static readonly Lazy<JsonSerializerOptions> s_byReflection = new(() => Create(ByReflection()));

    internal static JsonSerializerOptions Options => s_byReflection.Value;

    internal static JsonSerializerOptions WithResolver(JsonSerializerOptions options) =>
        Repairs.Of(
            options.TypeInfoResolver is not null
                ? options
                : new JsonSerializerOptions(options) { TypeInfoResolver = ByReflection() });

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = TrimmingNote)]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = TrimmingNote)]
    private static IJsonTypeInfoResolver ByReflection() =>
        RuntimeFeature.IsDynamicCodeSupported ? new DefaultJsonTypeInfoResolver() : new NativeTypes();

    private const string TrimmingNote =
        "The documentation of Codec names the source-generated codec for trimmed and native programs; the result types " +
        "themselves are kept by the annotation on the type parameters.";

    /// <summary>The same conventions for types somebody else knows.</summary>
    internal static JsonSerializerOptions Create(IJsonTypeInfoResolver resolver)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            Encoder = JsonFormat.Encoder,
            MaxDepth = JsonFormat.DeepestNesting,
            AllowOutOfOrderMetadataProperties = true,
            IncludeFields = true,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            TypeInfoResolver = resolver.WithAddedModifier(OptionalMembersMayBeAbsent).WithAddedModifier(NumberMembers.Apply),
        };
        WholeNumbers.AddTo(options.Converters);
        return Repairs.Of(options);
    }

    private static void OptionalMembersMayBeAbsent(JsonTypeInfo type)
    {
        foreach (var member in type.Properties)
        {
            if (member.AssociatedParameter is { IsMemberInitializer: false } parameter
                && !IsDeclaredRequired(member)
                && (parameter.IsNullable && !member.PropertyType.IsValueType
                    || Nullable.GetUnderlyingType(member.PropertyType) is not null
                    || IsFSharpOption(member.PropertyType)))
            {
                member.IsRequired = false;
            }
        }
    }

    private static bool IsDeclaredRequired(JsonPropertyInfo member) =>
        member.AttributeProvider is { } attributes
        && (attributes.IsDefined(typeof(JsonRequiredAttribute), true) || attributes.IsDefined(typeof(RequiredMemberAttribute), true));

    /// <summary>
    /// What is inside of a nullable or an option; null for other types. Its metadata has the kind of what is inside, so that of a
    /// record is an object, but without members.
    /// </summary>
    internal static JsonTypeInfo? Inside(JsonTypeInfo type) =>
        type.ElementType is { } inner && (Nullable.GetUnderlyingType(type.Type) is not null || IsFSharpOption(type.Type))
            ? type.Options.GetTypeInfo(inner)
            : null;

    internal static bool IsFSharpOption(Type type) =>
        type.IsGenericType
        && type.GetGenericTypeDefinition().FullName is
            "Microsoft.FSharp.Core.FSharpOption`1" or "Microsoft.FSharp.Core.FSharpValueOption`1";
}
