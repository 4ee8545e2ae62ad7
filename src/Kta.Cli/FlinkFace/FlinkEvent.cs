using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kta.Cli;

/// <summary>What came from outside and when.</summary>
/// <param name="Second">Since the start of the simulation.</param>
internal abstract record FlinkEvent(long Second);

/// <summary>A request to change the requirements.</summary>
/// <param name="Second">Since the start of the simulation.</param>
/// <param name="Status">How it was answered; only 200 has changed anything.</param>
/// <param name="Body">What was sent.</param>
internal sealed record RequirementsRequest(long Second, int Status, string Body) : FlinkEvent(Second)
{
    // It stands inside of other JSON, which everybody can read down to 64 levels.
    private static readonly JsonDocumentOptions s_reading = new() { MaxDepth = 32 };

    /// <summary>What was sent as JSON, or as a string where it is none.</summary>
    internal JsonNode? Json
    {
        get
        {
            try
            {
                return JsonNode.Parse(Body, documentOptions: s_reading);
            }
            catch (JsonException)
            {
                return Body;
            }
        }
    }

    /// <summary>The inverse of <see cref="Json"/>.</summary>
    internal static RequirementsRequest Of(long second, int status, JsonNode? body) =>
        new(second, status, body is JsonValue value && value.TryGetValue<string>(out var text) ? text : body?.ToJsonString() ?? "null");
}

/// <summary>From then on there are so many slots.</summary>
internal sealed record SlotsChange(long Second, int Slots) : FlinkEvent(Second);
