using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kta.Cli;

/// <summary>What a state belongs to.</summary>
/// <param name="Application">The name of the application.</param>
/// <param name="Fingerprint">Of its description and its traces.</param>
/// <param name="Slots">At the beginning.</param>
/// <param name="StartedAt">When the job was submitted, in milliseconds since 1970.</param>
internal sealed record StateHeader(string Application, string Fingerprint, int Slots, long StartedAt);

/// <summary>The lines of a state. Null stands for one that says nothing of the kind, perhaps because it is damaged.</summary>
internal static class StateLines
{
    private const int Version = 1;

    // Thirty years: nobody waits until that is run again.
    private const long LastSecond = 1_000_000_000;
    private static readonly JsonSerializerOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static byte[] Of(StateHeader header) => Line(new()
    {
        ["ktaFlink"] = Version,
        ["application"] = header.Application,
        ["fingerprint"] = header.Fingerprint,
        ["slots"] = header.Slots,
        ["startedAt"] = header.StartedAt,
    });

    internal static byte[] Of(FlinkEvent happened) => Line(happened switch
    {
        RequirementsRequest request => new() { ["second"] = request.Second, ["status"] = request.Status, ["body"] = request.Json },
        SlotsChange change => new() { ["second"] = change.Second, ["slots"] = change.Slots },
        _ => throw new NotSupportedException(happened.GetType().Name),
    });

    /// <summary>Always of the same length.</summary>
    internal static byte[] Mark(long second) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"second\":{second,20}}}\n"));

    internal static StateHeader? HeaderOf(ReadOnlySpan<byte> line) => Read(line, json =>
        (int)json["ktaFlink"]! == Version
            ? new StateHeader((string)json["application"]!, (string)json["fingerprint"]!, Slots(json), (long)json["startedAt"]!)
            : null);

    internal static FlinkEvent? EventOf(ReadOnlySpan<byte> line) => Read<FlinkEvent>(line, json =>
        json.ContainsKey("body") ? RequirementsRequest.Of(Second(json), (int)json["status"]!, json["body"])
        : json.ContainsKey("slots") ? new SlotsChange(Second(json), Slots(json))
        : null);

    internal static long? MarkOf(ReadOnlySpan<byte> line) => Read<object>(line, json => json.Count == 1 ? Second(json) : null) as long?;

    private static long Second(JsonObject json) => (long)json["second"]! is >= 0 and <= LastSecond and var second ? second : throw new FormatException();

    private static int Slots(JsonObject json) => (int)json["slots"]! is >= 1 and var slots ? slots : throw new FormatException();

    /// <summary>A line without an end is not whole, whatever it says.</summary>
    private static T? Read<T>(ReadOnlySpan<byte> line, Func<JsonObject, T?> read)
        where T : class
    {
        try
        {
            return line is [.., (byte)'\n'] && JsonNode.Parse(line) is JsonObject json ? read(json) : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or ArgumentException or NullReferenceException)
        {
            return null;
        }
    }

    private static byte[] Line(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString(s_writing) + "\n");
}
