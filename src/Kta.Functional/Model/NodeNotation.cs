using System.Text.Json;

namespace Kta.Functional;

/// <summary>The notation of a topology node: <c>{"type":"…","fields":"name=value|name=value"}</c>.</summary>
internal static class NodeNotation
{
    internal const string Example = """{"type":"scaleTargetRef","fields":"kind=Deployment|name=orders"}""";

    internal static string KeyOf(string type, string fields) =>
        $$"""{"type":"{{type}}","fields":"{{JsonFormat.Encoder.Encode(fields)}}"}""";

    internal static byte[] Quoted(string key) =>
        [(byte)'"', .. JsonEncodedText.Encode(key, JsonFormat.Encoder).EncodedUtf8Bytes, (byte)'"'];

    internal static string CheckedValue(string value, string parameter)
    {
        ArgumentNullException.ThrowIfNull(value, parameter);
        if (value.Length == 0)
        {
            throw new ArgumentException($"The {parameter} of a topology node is empty; the operator refuses that.", parameter);
        }

        if (value.AsSpan().IndexOfAny('|', '=') is >= 0 and var at)
        {
            throw new ArgumentException(
                $"The {parameter} of a topology node, '{SafeExcerpt.Of(value)}', holds '{value[at]}' at position {at}. " +
                "The operator's notation name=value|name=value has no way to write that character.",
                parameter);
        }

        if (!IsWellFormed(value))
        {
            throw new ArgumentException(
                $"The {parameter} of a topology node holds half a surrogate pair, which UTF-8 cannot carry.", parameter);
        }

        return value;
    }

    internal static NodeReading ParseKey(string key)
    {
        try
        {
            using var document = JsonDocument.Parse(key);
            return Read(document.RootElement, stringsLeft: 1);
        }
        catch (JsonException error)
        {
            return NodeReading.Failed($"it is not JSON ({JsonErrorText.Describe(error)})", malformed: true);
        }
        catch (ArgumentException)
        {
            return NodeReading.Failed("the text is not Unicode (half a surrogate pair)", malformed: true);
        }
    }

    /// <summary>
    /// Reads every spelling that existing SDKs send: an object whose fields are text, an object or a list of three, and
    /// the JSON text of such an object, encoded once or twice.
    /// </summary>
    internal static NodeReading Read(JsonElement element, int stringsLeft = 2)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String when stringsLeft > 0:
                try
                {
                    using var inner = JsonDocument.Parse(element.GetString()!);
                    return Read(inner.RootElement, stringsLeft - 1);
                }
                catch (JsonException error)
                {
                    return NodeReading.Failed($"the text is not JSON ({JsonErrorText.Describe(error)})", malformed: true);
                }
                catch (InvalidOperationException)
                {
                    return NodeReading.Failed("the text is not Unicode (half a surrogate pair)", malformed: true);
                }

            case JsonValueKind.Object:
                return ReadObject(element);
            case JsonValueKind.String:
                return NodeReading.Failed("the JSON text is encoded too many times", malformed: true);
            default:
                return NodeReading.Failed($"it is {JsonErrorText.Name(element.ValueKind)}", malformed: true);
        }
    }

    internal static NodeReading FromFields(string type, string fields)
    {
        if (NodeType.Find(type) is null)
        {
            return NodeType.Unknown(type);
        }

        string? id = null, kind = null, name = null;
        foreach (var part in fields.AsSpan().Split('|'))
        {
            var pair = fields.AsSpan()[part];
            var cut = pair.IndexOf('=');
            if (cut < 0 || pair[(cut + 1)..].Contains('='))
            {
                return NodeReading.Failed(
                    $"\"fields\" is '{SafeExcerpt.Of(fields)}', whose part '{SafeExcerpt.Of(pair.ToString())}' is not name=value",
                    malformed: true);
            }

            var value = pair[(cut + 1)..];
            switch (pair[..cut])
            {
                case "id": id = value.ToString(); break;
                case "kind": kind = value.ToString(); break;
                case "name": name = value.ToString(); break;
            }
        }

        return FromParts(type, id, kind, name);
    }

    private static NodeReading ReadObject(JsonElement element)
    {
        try
        {
            if (JsonErrorText.NameTwice(element) is { } twice)
            {
                return NodeReading.Failed($"\"{SafeExcerpt.Of(twice)}\" stands there twice", malformed: true);
            }

            if (!element.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
            {
                return NodeReading.Failed("\"type\" is missing or not text", malformed: true);
            }

            if (!element.TryGetProperty("fields", out var fields))
            {
                return NodeReading.Failed("\"fields\" is missing", malformed: true);
            }

            return fields.ValueKind switch
            {
                JsonValueKind.String => FromFields(type.GetString()!, fields.GetString()!),
                JsonValueKind.Object => FromFieldsObject(type.GetString()!, fields),
                JsonValueKind.Array => FromFieldsList(type.GetString()!, fields),
                _ => NodeReading.Failed($"\"fields\" is {JsonErrorText.Name(fields.ValueKind)}, not text", malformed: true),
            };
        }
        catch (InvalidOperationException)
        {
            return NodeReading.Failed("a text is not Unicode (half a surrogate pair)", malformed: true);
        }
    }

    private static NodeReading FromFieldsObject(string type, JsonElement fields)
    {
        var values = new Dictionary<string, string?>(3);
        foreach (var member in fields.EnumerateObject())
        {
            if (member.Name is not ("id" or "kind" or "name"))
            {
                return NodeReading.Failed(
                    $"\"fields\" has the unknown member '{SafeExcerpt.Of(member.Name)}'", malformed: true);
            }

            if (!TryText(member.Value, out var text))
            {
                return NodeReading.Failed(
                    $"\"fields.{member.Name}\" is {JsonErrorText.Name(member.Value.ValueKind)}, not text", malformed: true);
            }

            if (!values.TryAdd(member.Name, text))
            {
                return NodeReading.Failed($"\"fields\" has \"{member.Name}\" twice", malformed: true);
            }
        }

        return values.Count == 3
            ? FromParts(type, values["id"], values["kind"], values["name"])
            : NodeReading.Failed("\"fields\" as an object needs id, kind and name (null where it has none)", malformed: true);
    }

    private static NodeReading FromFieldsList(string type, JsonElement fields)
    {
        var values = new List<string?>(3);
        foreach (var item in fields.EnumerateArray())
        {
            if (!TryText(item, out var text))
            {
                return NodeReading.Failed(
                    $"\"fields[{values.Count}]\" is {JsonErrorText.Name(item.ValueKind)}, not text", malformed: true);
            }

            values.Add(text);
        }

        return values.Count == 3
            ? FromParts(type, values[0], values[1], values[2])
            : NodeReading.Failed("\"fields\" as a list needs id, kind and name (null where it has none)", malformed: true);
    }

    private static NodeReading FromParts(string type, string? id, string? kind, string? name)
    {
        if (NodeType.Find(type) is not { } known)
        {
            return NodeType.Unknown(type);
        }

        try
        {
            return known.Make(id, kind, name) is { } node
                ? new NodeReading(node, null, false)
                : NodeReading.Failed($"a {type} needs {known.Needs}");
        }
        catch (ArgumentException error)
        {
            return NodeReading.Failed(error.Message);
        }
    }

    private static bool TryText(JsonElement value, out string? text)
    {
        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return value.ValueKind is JsonValueKind.String or JsonValueKind.Null;
    }

    private static bool IsWellFormed(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            if (char.IsHighSurrogate(value[i]) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(value[i]))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>
/// A node, or why there is none. <paramref name="Malformed"/> tells text that is no node at all from a node of a kind
/// this version does not know, which may stand in the history of a shared operator.
/// </summary>
internal readonly record struct NodeReading(TopologyNode? Node, string? Problem, bool Malformed)
{
    internal static NodeReading Failed(string problem, bool malformed = false) => new(null, problem, malformed);
}
