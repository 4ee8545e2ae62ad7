using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Kta.Functional.Tests.CSharp;

// What is refused when an algorithm is created is seen by the analyzers before.
#pragma warning disable KTA005, KTA007

/// <summary>Programs that compile, but that the SDK refuses.</summary>
public static class Refused
{
    /// <summary>A function of one parameter that is asynchronous, so that its result type is a task.</summary>
    public static Algorithm TaskAsMonitorResult() => Algorithm.Monitor(async ctx => await Task.FromResult(new Load(1))).Plan(_ => Plan.Single(1));

    /// <summary>The same in analyze.</summary>
    public static Algorithm TaskAsAnalyzeResult() =>
        Algorithm.Monitor(_ => new Load(1)).Analyze(async ctx => await Task.FromResult(new Demand(1))).Plan(_ => Plan.Single(1));

    /// <summary>Text is not a JSON object.</summary>
    public static Algorithm<string, JsonObject> Text() => Algorithm.Create<string>(_ => "text", _ => Plan.Single(1));

    /// <summary>A list is not a JSON object.</summary>
    public static Algorithm<List<int>, JsonObject> List() => Algorithm.Create<List<int>>(_ => [1], _ => Plan.Single(1));

    /// <summary>An array is not a JSON object.</summary>
    public static Algorithm<int[], JsonObject> Array() => Algorithm.Create<int[]>(_ => [1], _ => Plan.Single(1));

    /// <summary>A type that looks like an object, but is written as text by its converter.</summary>
    public static Algorithm<Disguised, JsonObject> Converted() => Algorithm.Create<Disguised>(_ => new(), _ => Plan.Single(1));

    /// <summary>Anything may be an object, or not.</summary>
    public static Algorithm<JsonNode, JsonObject> Anything(JsonNode result)
    {
        var given = Service.Of(result);
        return Algorithm.Create<JsonNode>(_ => given.Value, _ => Plan.Single(1));
    }
}

/// <summary>Written as text.</summary>
[JsonConverter(typeof(Converter))]
public sealed class Disguised
{
    private sealed class Converter : JsonConverter<Disguised>
    {
        public override Disguised Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            reader.Skip();
            return new();
        }

        public override void Write(Utf8JsonWriter writer, Disguised value, JsonSerializerOptions options) =>
            writer.WriteStringValue("text");
    }
}
