using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Kta.Functional.Wire;

namespace Kta.Functional.Recording;

/// <summary>What was answered otherwise than recorded, and what the operator would have sent because of it.</summary>
/// <remarks>
/// A call belongs to its attempt: an iteration that was tried again has the same id and another start. Where the answer
/// is the recorded one, so are the bytes of the requests that follow.
/// </remarks>
internal sealed class ClosedLoop(AppliedBounds bounds)
{
    private readonly Dictionary<(string Id, long Start), Attempt> _changed = [];
    private (string Id, long Start)? _asked;

    /// <summary>The request that would have come, or why none would.</summary>
    internal ClosedLoopRequest Next(CallRecord call)
    {
        _asked = null;
        try
        {
            using var request = JsonDocument.Parse(call.Request, JsonFormat.Parsing);
            var root = request.RootElement;
            bounds.Learn(root);
            _asked = KeyOf(root);
            var attempt = ChangesOf(root);
            if (attempt?.Failed is { } failed && failed != call.Step)
            {
                return new(call.Request, false, $"{failed.Name()} fails now in this iteration, so {call.Step.Name()} would not be called");
            }

            var output = new ArrayBufferWriter<byte>(call.Request.Length + 256);
            return Write(root, attempt, output) ? new(output.WrittenMemory, true, null) : new(call.Request, false, null);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            // A request that is refused, then as now.
            return new(call.Request, false, null);
        }
    }

    /// <summary>Remembers an answer to the latest request that is not the recorded one.</summary>
    internal void Keep(CallRecord call, Calls.StepReply reply)
    {
        if (call.Status != 200 || _asked is not { } key)
        {
            // What failed then has no later calls that could get another answer.
            return;
        }

        ref var attempt = ref CollectionsMarshal.GetValueRefOrAddDefault(_changed, key, out _);
        attempt ??= new();
        if (reply.StatusCode != 200)
        {
            attempt.Failed ??= call.Step;
        }
        else if (call.Step == Step.Monitor)
        {
            attempt.Monitor = JavaJson.RoundTrip(reply.Body.Span);
        }
        else if (call.Step == Step.Analyze)
        {
            attempt.Analyze = JavaJson.RoundTrip(reply.Body.Span);
        }
        else
        {
            attempt.Plan = reply.Body.ToArray();
            attempt.Parallelism = bounds.Apply(reply.Body);
        }
    }

    private static (string Id, long Start)? KeyOf(JsonElement iteration) =>
        iteration.ValueKind == JsonValueKind.Object
        && iteration.TryGetProperty(WireNames.Id.EncodedUtf8Bytes, out var id)
        && id.ValueKind == JsonValueKind.String
        && iteration.TryGetProperty(WireNames.Start.EncodedUtf8Bytes, out var start)
        && start.ValueKind == JsonValueKind.Number
        && start.TryGetInt64(out var millis)
            ? (id.GetString()!, millis)
            : null;

    private Attempt? ChangesOf(JsonElement iteration) =>
        KeyOf(iteration) is { } key ? _changed.GetValueOrDefault(key) : null;

    private bool Write(JsonElement request, Attempt? attempt, IBufferWriter<byte> output)
    {
        var isChanged = false;
        using var writer = new Utf8JsonWriter(output, JsonFormat.Joining);
        writer.WriteStartObject();
        foreach (var member in request.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            if (member.NameEquals(WireNames.ResultHistory.EncodedUtf8Bytes) && member.Value.ValueKind == JsonValueKind.Array)
            {
                isChanged |= WriteHistory(member.Value, writer);
            }
            else
            {
                isChanged |= WriteMember(member, attempt, writer);
            }
        }

        writer.WriteEndObject();
        return isChanged;
    }

    private bool WriteHistory(JsonElement history, Utf8JsonWriter writer)
    {
        var isChanged = false;
        writer.WriteStartArray();
        foreach (var entry in history.EnumerateArray())
        {
            var attempt = ChangesOf(entry);
            isChanged |= attempt is not null;
            if (attempt is null)
            {
                WriteRaw(entry, writer);
            }
            else if (attempt.Failed is null)
            {
                writer.WriteStartObject();
                foreach (var member in entry.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    WriteMember(member, attempt, writer);
                }

                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        return isChanged;
    }

    private static bool WriteMember(JsonProperty member, Attempt? attempt, Utf8JsonWriter writer)
    {
        var changed = attempt is null ? null
            : member.NameEquals(WireNames.MonitorResult.EncodedUtf8Bytes) ? attempt.Monitor
            : member.NameEquals(WireNames.AnalyzeResult.EncodedUtf8Bytes) ? attempt.Analyze
            : member.NameEquals(WireNames.PlanResult.EncodedUtf8Bytes) ? attempt.Plan
            : member.NameEquals(WireNames.Parallelism.EncodedUtf8Bytes) ? attempt.Parallelism
            : null;
        if (changed is { } bytes)
        {
            writer.WriteRawValue(bytes.Span, skipInputValidation: true);
            return true;
        }

        WriteRaw(member.Value, writer);
        return false;
    }

    private static void WriteRaw(JsonElement value, Utf8JsonWriter writer) =>
        writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    /// <summary>What an attempt's steps answer now; null where it is what was recorded.</summary>
    private sealed class Attempt
    {
        internal ReadOnlyMemory<byte>? Monitor { get; set; }

        internal ReadOnlyMemory<byte>? Analyze { get; set; }

        internal ReadOnlyMemory<byte>? Plan { get; set; }

        internal ReadOnlyMemory<byte>? Parallelism { get; set; }

        internal Step? Failed { get; set; }
    }
}

/// <summary>A request of a closed loop.</summary>
/// <param name="Bytes">The bytes, recorded or not.</param>
/// <param name="IsChanged">Whether they are not those that were recorded.</param>
/// <param name="WhyNot">Why the step would not have been called; null if it would.</param>
internal readonly record struct ClosedLoopRequest(ReadOnlyMemory<byte> Bytes, bool IsChanged, string? WhyNot);
