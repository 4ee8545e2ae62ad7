using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Kta.Functional;
using Kta.Functional.Calls;
using Kta.Functional.Recording;
using static System.FormattableString;

namespace Kta.Cli;

/// <summary>Says why a recorded plan is as it is.</summary>
internal static class ExplainVerb
{
    internal static Command Create(Terminal terminal)
    {
        var policies = new PolicyOptions();
        var place = new Argument<string>("FILE#LINE") { Description = "A recording and a line of it, as kta replay counts them: decisions.jsonl#42." };
        var command = new Verb(
            "explain", "Asks an algorithm or a server again why a recorded plan is as it is.", "kta explain decisions.jsonl#42 --algorithm break-even") { place };
        policies.AddTo(command);
        command.Does(terminal, async (parsed, cancellationToken) =>
        {
            var call = Find(parsed.GetValue(place)!);
            var (status, body) = policies.EndpointOf(parsed) is { } endpoint
                ? await endpoint.ExplainAsync(call.Request, cancellationToken)
                : await ExplainAsync(policies.AlgorithmOf(parsed), call.Request, cancellationToken);
            if (status != 200)
            {
                throw new CommandFailedException($"Asked again, it answers {status}: {body}");
            }

            terminal.Result(Invariant($"recorded {call.At:yyyy-MM-dd HH:mm:ss}Z, {call.Algorithm}, answered {call.Status?.ToString(CultureInfo.InvariantCulture) ?? "nothing"}"));
            foreach (var line in Lines(JsonNode.Parse(body)!, call))
            {
                terminal.Result(line);
            }

            return Verb.Done;
        });
        return command;
    }

    private static async Task<(int Status, string Text)> ExplainAsync(Algorithm algorithm, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var reply = await new StepRunner(algorithm, Timeout.InfiniteTimeSpan).ExplainAsync(request, cancellationToken);
        return (reply.StatusCode, Encoding.UTF8.GetString(reply.Body.Span));
    }

    /// <summary>For each node what it gets now, what it got then if that was something else, and why.</summary>
    private static IEnumerable<string> Lines(JsonNode explained, CallRecord call)
    {
        var then = call.Status == 200 ? JsonNode.Parse(call.Reply.Span) as JsonObject : null;
        foreach (var (key, planned) in explained["plan"]!.AsObject())
        {
            var (now, before) = (Count(planned), Count(then?[key]));
            yield return $"{NameOf(key)} → {now}{(before is null || before == now ? "" : $" (recorded: {before})")}";
            foreach (var reason in explained["reasons"]?[key]?.AsArray() ?? [])
            {
                yield return $"  {reason}";
            }
        }
    }

    private static string? Count(JsonNode? planned) => planned?["parallelism"]?.ToString();

    /// <summary>Nodes stand as keys: JSON in a string.</summary>
    private static string NameOf(string key)
    {
        try
        {
            return TopologyNode.Parse(key).ToString()!;
        }
        catch (Exception error) when (error is FormatException or KtaException)
        {
            return key;
        }
    }

    private static CallRecord Find(string place)
    {
        if (place.LastIndexOf('#') is not (> 0 and var at) || !long.TryParse(place[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            throw new UsageException($"{place}: expected a file and the number of a line, such as decisions.jsonl#42.");
        }

        var path = place[..at];
        // A line number counts within its file; the newest file is the one that has the name itself.
        var line = CallRecording.ReadFiles([path]).FirstOrDefault(one => one.Number == number);
        return line switch
        {
            null => throw new CommandFailedException($"{path} has no line {number}."),
            { Call: { Step: Step.Plan } call } => call,
            { Call: { } other } => throw new CommandFailedException($"{place} is a call of {other.Step.Name()}; plan is what has reasons."),
            _ => throw new CommandFailedException($"{place} is no call: {line.Problem ?? "it notes what was dropped"}."),
        };
    }
}
