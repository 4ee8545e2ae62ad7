using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kta.Functional;
using Kta.Functional.Simulation;
using Kta.Functional.Wire;

namespace Kta.Cli;

/// <summary>Reads replies to valid requests with the eyes of the operator, and writes down what it would dislike.</summary>
internal static partial class ReplyJudge
{
    /// <summary>The status is written twice with both results, into an object of at most 1.5 MB.</summary>
    private const int LargestResult = 700_000;

    private const int LargeResult = 250_000;

    /// <summary>Three levels are around a result in the history, and readers in .NET stop at 64.</summary>
    private const int Deep = 60;

    private static readonly TimeSpan s_slow = OperatorConnection.HeadLimit / 2;
    private static readonly TimeSpan s_slowBody = TimeSpan.FromSeconds(1);

    /// <summary>What monitor or analyze has answered, as the next step gets it; null if the operator would refuse it.</summary>
    internal static ReadOnlyMemory<byte>? Result(Probe probe, RawReply reply)
    {
        if (Value(probe, reply) is not { } body)
        {
            return null;
        }

        try
        {
            var result = OperatorReply.ReadResult(body.Span);
            RemarkOn(probe, body);
            return result;
        }
        catch (FormatException error)
        {
            probe.Error("no-object", error.Message, "Answer a JSON object; {} where there is nothing to say.");
            return null;
        }
    }

    /// <summary>What plan has answered, before the bounds of a policy; null if the operator would refuse it.</summary>
    internal static IReadOnlyDictionary<TopologyNode, int>? Plan(Probe probe, RawReply reply, Topology topology)
    {
        if (Value(probe, reply) is not { } body)
        {
            return null;
        }

        try
        {
            var plan = OperatorReply.ReadPlan(body.Span, topology);
            foreach (var (node, count) in plan.Where(one => one.Value < 1).Take(1))
            {
                probe.Error(
                    "not-positive", $"it asks for {count} instances of {node}", "Answer at least 1 for every node.", "The number is raised to minParallelism without a word.");
            }

            if (Fraction().Match(Encoding.UTF8.GetString(body.Span)) is { Success: true } fraction)
            {
                probe.Warning("fraction", $"a parallelism is {fraction.Groups[1].Value}", "Round it yourself, upwards most often.", "It is cut, not rounded.");
            }

            return plan;
        }
        catch (FormatException error)
        {
            probe.Error("plan", error.Message, "Answer one entry for each node of the request's topology, with the text of the node as its name and {\"parallelism\": n} as its value.");
            return null;
        }
    }

    /// <summary>The JSON value of a reply in UTF-8, with the last of two members of one name; null if there is none the operator could read.</summary>
    private static ReadOnlyMemory<byte>? Value(Probe probe, RawReply reply)
    {
        RemarkOnTime(probe, reply);
        var encoding = reply["content-encoding"];
        if (encoding is not null && encoding != "identity")
        {
            probe.Error("packed", $"the reply has Content-Encoding {encoding}, which nobody asked for", "Send replies unpacked unless the request has Accept-Encoding.");
            return null;
        }

        if (reply.Status is >= 300 and <= 399)
        {
            probe.Error("redirect", $"it answers {reply.Status}{(reply["location"] is { } place ? $" with Location {SafeExcerpt.Of(place)}" : "")}", "Serve the step at the address of the policy; redirects are not followed.");
            return null;
        }

        if (reply.Status is >= 100 and < 200)
        {
            probe.Error("informational", $"its last status is {reply.Status}", "Send a status of 200.", "It waits for another one, until its 5 s are over. The iteration fails.");
            return null;
        }

        if (!reply.IsSuccess)
        {
            probe.Error("status", $"it answers {reply.Status} to a request that is right: {ExcerptOf(reply)}", "See the log of the server; if the topology of the check means nothing to it, give its own with --policy.");
            return null;
        }

        if (reply.Body.Length == 0)
        {
            probe.Error("empty", $"it answers {reply.Status} without a body", "Answer {} where there is nothing to say.");
            return null;
        }

        var body = OperatorText.InUtf8(reply["content-type"], reply.Body);
        if (body.Span.StartsWith("\uFEFF"u8))
        {
            probe.Error("byte-order-mark", "the body begins with a byte order mark", "Write UTF-8 without one; in .NET new UTF8Encoding(false).");
            return null;
        }

        return First(probe, body);
    }

    /// <summary>The first JSON value; what stands behind it does not matter to the operator.</summary>
    private static ReadOnlyMemory<byte>? First(Probe probe, ReadOnlyMemory<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = 1_000, AllowMultipleValues = true });
            reader.Read();
            reader.Skip();
            var value = body[..(int)reader.BytesConsumed];
            if (!body.Span[(int)reader.BytesConsumed..].IsWhiteSpace())
            {
                probe.Warning("text-behind", "there is something behind the JSON value", "Send one JSON value and nothing else.", "It is not looked at.");
            }

            if (JsonErrorText.PathTwice(value) is { } path)
            {
                probe.Warning("name-twice", $"{SafeExcerpt.Of(path)} stands there twice", "Write each member once.", "The last one counts.");
                return value.Span[0] == '{' ? JavaJson.RoundTrip(value.Span) : value;
            }

            return value;
        }
        catch (JsonException error)
        {
            var text = Encoding.UTF8.GetString(body.Span);
            var number = NotFinite().Match(text);
            probe.Error(
                number.Success ? "not-finite" : "no-json",
                number.Success ? $"the body holds {number.Value}, which JSON does not have" : $"the body is no JSON: {JsonErrorText.Describe(error)}. It begins with '{SafeExcerpt.Of(text)}'",
                number.Success ? "Leave out what is not known, or write null." : "Answer JSON in UTF-8.");
            return null;
        }
    }

    private static bool IsWhiteSpace(this ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(" \t\r\n"u8) < 0;

    private static void RemarkOnTime(Probe probe, RawReply reply)
    {
        if (reply.UntilHead > s_slow)
        {
            probe.Warning("slow", FormattableString.Invariant($"it took {reply.UntilHead.TotalSeconds:0.0} s to answer"), "Answer within a second: measure beforehand, or give up earlier on what is slow.", "It waits for 5 s, then the iteration fails.");
        }

        if (reply.UntilEnd - reply.UntilHead > s_slowBody)
        {
            probe.Warning(
                "slow-body",
                FormattableString.Invariant($"the body ended {(reply.UntilEnd - reply.UntilHead).TotalSeconds:0.0} s after the head"),
                "Have the whole reply ready before sending its head, and send both together.",
                "It has no time limit for a body: one that never ends blocks the policy for ever.");
        }
    }

    private static void RemarkOn(Probe probe, ReadOnlyMemory<byte> body)
    {
        if (body.Length > LargestResult)
        {
            probe.Error("too-large", FormattableString.Invariant($"the result has {body.Length / 1000} kB"), "Keep the results of monitor and analyze below 500 kB together.", "It cannot write its status: every iteration is done again after it has scaled.");
        }
        else if (body.Length > LargeResult)
        {
            probe.Warning("large", FormattableString.Invariant($"the result has {body.Length / 1000} kB"), "Keep the results of monitor and analyze below 500 kB together.", "Above about 750 kB of both together it cannot write its status, and the result comes back with each entry of the history.");
        }

        var (depth, lost) = NumbersAndDepth(body.Span);
        if (depth > Deep)
        {
            probe.Warning("deep", $"the result is nested {depth} deep", "Nest less than 60 levels.", "It comes back three levels deeper in the history, where readers of other languages stop, .NET's at 64.");
        }

        if (lost is not null)
        {
            probe.Warning("number-changes", $"the number {SafeExcerpt.Of(lost)} does not come back as it is", "Write what is larger than a double or has more than 15 digits as text.", "It reads decimals as doubles: digits are lost, and 1E400 becomes the text \"Infinity\".");
        }
    }

    private static (int Depth, string? Lost) NumbersAndDepth(ReadOnlySpan<byte> body)
    {
        var (depth, lost) = (0, (string?)null);
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 1_000 });
        while (reader.Read())
        {
            depth = Math.Max(depth, reader.CurrentDepth + 1);
            if (reader.TokenType == JsonTokenType.Number && reader.ValueSpan.IndexOfAny(".eE"u8) >= 0)
            {
                var digits = Encoding.ASCII.GetString(reader.ValueSpan).Split('e', 'E')[0].Where(char.IsAsciiDigit).SkipWhile(digit => digit == '0').Count();
                lost ??= digits > 17 || !double.IsFinite(reader.GetDouble()) ? Encoding.ASCII.GetString(reader.ValueSpan) : null;
            }
        }

        return (depth, lost);
    }

    internal static string ExcerptOf(RawReply reply) =>
        reply.Body.Length == 0 ? "no body" : $"'{SafeExcerpt.Of(Encoding.UTF8.GetString(reply.Body.AsSpan(0, Math.Min(reply.Body.Length, 400))).ReplaceLineEndings(" "))}'";

    [GeneratedRegex(@"(?<=[:\[,]\s*)-?(NaN|Infinity)\b")]
    private static partial Regex NotFinite();

    [GeneratedRegex("""parallelism"\s*:\s*(-?[0-9]+\.[0-9]*[1-9][0-9]*)""")]
    private static partial Regex Fraction();
}
