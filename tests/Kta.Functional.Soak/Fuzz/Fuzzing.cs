using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Kta.Functional.Algorithms;
using Kta.Functional.Calls;

namespace Kta.Functional.Soak.Fuzz;

/// <summary>
/// Damaged requests, and what has to be true of every reply: what <see cref="JsonDocument"/> refuses is refused, what it
/// takes is not called a syntax error, a history is in order exactly if each entry alone is, and nothing is our fault.
/// </summary>
internal static class Fuzzing
{
    private static readonly StepRunner Runner = new(
        Algorithm.For<DummyMonitorResult, DummyAnalyzeResult>().WithMonitor(ctx => new DummyMonitorResult(ctx.History.Count)),
        Timeout.InfiniteTimeSpan);

    /// <summary>Runs until a reply is wrong; null if none is.</summary>
    internal static string? Run(int seed, int executions)
    {
        string? found = null;
        Parallel.For(
            0,
            executions,
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            (execution, state) =>
            {
                var request = FuzzedRequest.Make(unchecked(seed + execution));
                if (Complaint(request) is { } complaint)
                {
                    state.Stop();
                    var smallest = Shrink(request);
                    found = $"execution {execution} of seed {seed}: {complaint}\nshrunk: {Complaint(smallest)}\n{Encoding.UTF8.GetString(smallest)}";
                }
            });
        return found;
    }

    /// <summary>What is wrong about the reply to a request, or null.</summary>
    internal static string? Complaint(byte[] request)
    {
        var (reply, message) = Answer(request);
        if (reply.StatusCode is not (200 or 400 or 422))
        {
            return $"answered with {reply.StatusCode}: {message}";
        }

        using var document = Parse(request);
        if (document is null)
        {
            return reply.StatusCode == 200 ? "taken, though it is not JSON" : null;
        }

        if (message.Contains("$: expected JSON", StringComparison.Ordinal) || message.Contains("$: expected UTF-8", StringComparison.Ordinal))
        {
            return $"called broken, though it is JSON: {message}";
        }

        return Entries(document.RootElement) is { Count: > 1 } entries ? ComplaintAbout(document.RootElement, entries, reply, message) : null;
    }

    private static string? ComplaintAbout(JsonElement request, IReadOnlyList<string> entries, StepReply reply, string message)
    {
        var alone = entries.Select(entry => Answer(With(request, entry)).Reply).ToArray();
        var isInOrder = alone.All(answer => answer.StatusCode == 200);
        if (isInOrder != (reply.StatusCode == 200))
        {
            return $"answered with {reply.StatusCode} ({message}), but alone its entries with {string.Join(", ", alone.Select(answer => answer.StatusCode))}";
        }

        var skipped = alone.Sum(answer => answer.SkippedHistory.Count);
        return isInOrder && (Counted(reply) != alone.Sum(Counted) || reply.SkippedHistory.Count != skipped)
            ? $"saw {Counted(reply)} entries and skipped {reply.SkippedHistory.Count}; alone they are {alone.Sum(Counted)} and {skipped}"
            : null;
    }

    private static long Counted(StepReply reply)
    {
        using var document = JsonDocument.Parse(reply.Body);
        return document.RootElement.GetProperty("numInvocations").GetInt64();
    }

    private static (StepReply Reply, string Message) Answer(byte[] request)
    {
        var reply = Runner.RunAsync(Step.Monitor, request).GetAwaiter().GetResult();
        return (reply, reply.Error?.Message ?? "");
    }

    private static JsonDocument? Parse(byte[] request)
    {
        var text = request is [0xEF, 0xBB, 0xBF, ..] ? request.AsMemory(3) : request;
        try
        {
            return Utf8.IsValid(text.Span) ? JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 1024 }) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The history, if the request has exactly one: of members that occur twice others decide.</summary>
    private static List<string>? Entries(JsonElement request)
    {
        if (request.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var histories = request.EnumerateObject().Where(IsHistory).ToArray();
        return histories is [{ Value.ValueKind: JsonValueKind.Array } only]
            ? [.. only.Value.EnumerateArray().Select(entry => entry.GetRawText())]
            : null;
    }

    private static byte[] With(JsonElement request, string entry)
    {
        var members = request.EnumerateObject()
            .Select(member => IsHistory(member) ? $"\"resultHistory\":[{entry}]" : $"{NameOf(member)}:{member.Value.GetRawText()}");
        return Encoding.UTF8.GetBytes("{" + string.Join(",", members) + "}");
    }

    private static bool IsHistory(JsonProperty member)
    {
        try
        {
            return member.NameEquals("resultHistory");
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The name as it stands there, escapes and all.</summary>
    private static string NameOf(JsonProperty member)
    {
        var text = member.ToString();
        return text[..(text.Length - member.Value.GetRawText().Length)].TrimEnd(' ', '\t', '\r', '\n', ':');
    }

    private static byte[] Shrink(byte[] request)
    {
        for (var length = request.Length / 2; length > 0; length /= 2)
        {
            for (var start = 0; start + length <= request.Length;)
            {
                byte[] shorter = [.. request[..start], .. request[(start + length)..]];
                if (Complaint(shorter) is not null)
                {
                    request = shorter;
                }
                else
                {
                    start += length;
                }
            }
        }

        return request;
    }
}
