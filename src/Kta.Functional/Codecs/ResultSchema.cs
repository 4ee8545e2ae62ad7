using System.ComponentModel;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kta.Functional;

/// <summary>
/// The JSON Schema of what System.Text.Json reads as a result: the required members are those whose absence is an error, null is
/// allowed where it is read. Types inside of the result stand under <c>$defs</c>.
/// </summary>
/// <remarks>
/// Of the exporter of System.Text.Json only the schemas of single values are taken. That of objects it fails to make where a
/// parameter is <c>= default</c> of a struct, and it lets pass what is not read: null for the result itself, unknown discriminators.
/// </remarks>
internal sealed class ResultSchema
{
    private const string ComputedNote = "Computed of other members: written, and not read.";

    private readonly Dictionary<Type, string> _references = [];
    private readonly JsonObject _definitions = [];

    internal static JsonObject Of(JsonTypeInfo result)
    {
        try
        {
            return new ResultSchema().Root(result);
        }
        catch (Exception error) when (error is NotSupportedException or InvalidOperationException or ArgumentException or JsonException)
        {
            return ValueSchema.Unknown(result.Type, "a codec");
        }
    }

    private JsonObject Root(JsonTypeInfo result)
    {
        _references[result.Type] = "#";
        var schema = result.Kind == JsonTypeInfoKind.None ? ValueSchema.Of(result) : Shape(result);
        if (_definitions.Count > 0)
        {
            schema["$defs"] = _definitions;
        }

        return schema;
    }

    /// <summary>What is read where a type stands inside of another, without null.</summary>
    private JsonObject Inside(JsonTypeInfo type)
    {
        if (DefaultJson.Inside(type) is { } inner)
        {
            return ValueSchema.OrNull(Inside(inner));
        }

        if (type.Kind == JsonTypeInfoKind.None)
        {
            return ValueSchema.Of(type);
        }

        if (type.Kind != JsonTypeInfoKind.Object && !IsOfUser(type.Type))
        {
            return Shape(type);
        }

        if (!_references.TryGetValue(type.Type, out var reference))
        {
            var name = NewName(type.Type);
            _references[type.Type] = reference = $"#/$defs/{name}";
            // Its place is taken before its members ask for other names.
            _definitions[name] = null;
            _definitions[name] = Shape(type);
        }

        return new() { ["$ref"] = reference };
    }

    private JsonObject Shape(JsonTypeInfo type)
    {
        if (type.Options.ReferenceHandler is { } references && references != ReferenceHandler.IgnoreCycles)
        {
            return ValueSchema.Unknown(type.Type, "a reference handler");
        }

        var schema = type.Kind switch
        {
            JsonTypeInfoKind.Enumerable => new() { ["type"] = "array", ["items"] = Element(type) },
            JsonTypeInfoKind.Dictionary => Dictionary(type),
            _ => type.PolymorphismOptions is { DerivedTypes.Count: > 0 } kinds ? Kinds(type, kinds) : Object(type),
        };
        Describe(schema, type.Type);
        return schema;
    }

    private JsonObject Element(JsonTypeInfo type)
    {
        // What annotations say about elements is not looked at by System.Text.Json.
        var element = Inside(type.Options.GetTypeInfo(type.ElementType!));
        return type.ElementType!.IsValueType ? element : ValueSchema.OrNull(element);
    }

    private JsonObject Dictionary(JsonTypeInfo type)
    {
        var schema = new JsonObject { ["type"] = "object" };
        if (KeySchema.Of(type.Options.GetTypeInfo(type.KeyType!)) is { } key)
        {
            schema["propertyNames"] = key;
        }

        schema["additionalProperties"] = Element(type);
        return schema;
    }

    private JsonObject Object(JsonTypeInfo type)
    {
        var (members, required) = (new JsonObject(), new JsonArray());
        foreach (var member in type.Properties.Where(member => !member.IsExtensionData && (member.Get ?? (object?)member.Set ?? member.AssociatedParameter) is not null))
        {
            members[member.Name] = Member(type, member);
            if (member.IsRequired)
            {
                required.Add((JsonNode)member.Name);
            }
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = members };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        if ((type.UnmappedMemberHandling ?? type.Options.UnmappedMemberHandling) == JsonUnmappedMemberHandling.Disallow
            && type.Properties.All(member => !member.IsExtensionData))
        {
            schema["additionalProperties"] = false;
        }

        return schema;
    }

    private JsonObject Kinds(JsonTypeInfo type, JsonPolymorphismOptions kinds)
    {
        var any = new JsonArray();
        foreach (var derived in kinds.DerivedTypes)
        {
            var kind = Object(type.Options.GetTypeInfo(derived.DerivedType));
            if (derived.DerivedType != type.Type && derived.DerivedType.IsDefined(typeof(DescriptionAttribute), inherit: false))
            {
                Describe(kind, derived.DerivedType);
            }

            if (derived.TypeDiscriminator is { } name)
            {
                kind["properties"]![kinds.TypeDiscriminatorPropertyName] = new JsonObject
                {
                    ["const"] = name is int number ? JsonValue.Create(number) : JsonValue.Create((string)name),
                };
                var required = (JsonArray)(kind["required"] ??= new JsonArray());
                required.Add((JsonNode)kinds.TypeDiscriminatorPropertyName);
            }
            else
            {
                Unnamed(kind, kinds);
            }

            any.Add((JsonNode)kind);
        }

        if (!type.Type.IsAbstract && kinds.DerivedTypes.All(derived => derived.DerivedType != type.Type))
        {
            any.Add((JsonNode)Unnamed(Object(type), kinds));
        }

        return new() { ["type"] = "object", ["anyOf"] = any };
    }

    /// <summary>The declared type itself: a name that is not known is not read as it.</summary>
    private static JsonObject Unnamed(JsonObject kind, JsonPolymorphismOptions kinds)
    {
        if (!kinds.IgnoreUnrecognizedTypeDiscriminators)
        {
            kind["not"] = new JsonObject { ["required"] = new JsonArray(kinds.TypeDiscriminatorPropertyName) };
        }

        return kind;
    }

    private JsonObject Member(JsonTypeInfo type, JsonPropertyInfo member)
    {
        JsonObject schema;
        if (member.Set is null && member.AssociatedParameter is null)
        {
            schema = new() { ["readOnly"] = true, ["description"] = ComputedNote };
        }
        else if (member.CustomConverter is { } converter and not (NumberMembers.IHandled or ISchemaOwner))
        {
            schema = ValueSchema.With(converter, member, type.Options);
        }
        else
        {
            schema = (member.CustomConverter as ISchemaOwner)?.DescribeSchema(member.PropertyType) ?? Inside(ReadWith(type, member));
        }

        if (!member.PropertyType.IsValueType && TakesNull(member, type.Options))
        {
            schema = ValueSchema.OrNull(schema);
        }

        Describe(schema, member.AttributeProvider, member.AssociatedParameter?.AttributeProvider);
        return schema;
    }

    private static JsonTypeInfo ReadWith(JsonTypeInfo type, JsonPropertyInfo member) =>
        member.CustomConverter is NumberMembers.IHandled handled ? handled.ReadWith
        : (member.NumberHandling ?? type.NumberHandling) is { } handling && handling != type.Options.NumberHandling
            ? new JsonSerializerOptions(type.Options) { NumberHandling = handling }.GetTypeInfo(member.PropertyType)
        : type.Options.GetTypeInfo(member.PropertyType);

    private static bool TakesNull(JsonPropertyInfo member, JsonSerializerOptions options) =>
        // What a member without a setter holds is filled with what is read.
        member is not { AssociatedParameter: null, AttributeProvider: PropertyInfo { SetMethod: null } }
        && (!options.RespectNullableAnnotations || (member.AssociatedParameter?.IsNullable ?? member.IsSetNullable));

    private static void Describe(JsonObject schema, params ICustomAttributeProvider?[] owners)
    {
        foreach (var owner in owners)
        {
            if (owner?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: true) is [DescriptionAttribute { Description: { Length: > 0 } words }, ..])
            {
                schema["description"] = schema["description"] is { } note ? $"{words} {note}" : words;
                return;
            }
        }
    }

    private string NewName(Type type)
    {
        var name = string.Concat(TypeText.Of(type).Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_')).Trim('_');
        var free = name;
        for (var number = 2; _definitions.ContainsKey(free); number++)
        {
            free = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}{number}");
        }

        return free;
    }

    private static bool IsOfUser(Type type) => !ObjectFields.IsOfFramework(type) && !type.IsArray;
}
