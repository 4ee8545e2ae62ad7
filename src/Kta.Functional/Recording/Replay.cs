using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Kta.Functional.Hosting;
using Kta.Functional.Wire;

namespace Kta.Functional.Recording;

/// <summary>Calls an algorithm again with the requests of a recording, and tells which of its answers differ.</summary>
/// <remarks>
/// Nothing goes over HTTP, and no time limit is enforced. Calls without a decision (the time was up, the caller had gone)
/// are not called again. A failure is the same if status and type of the error are; its message may differ.
/// </remarks>
/// <example>
/// <code>
/// var report = await Replay.RunAsync(algorithm, "decisions.jsonl");
/// Console.Write(report.ToText());
/// </code>
/// </example>
public static class Replay
{
    /// <summary>Replays a recording with all its rotated files, the oldest first.</summary>
    /// <param name="algorithm">The algorithm, or a changed one.</param>
    /// <param name="path">The path that was given to the recorder.</param>
    /// <param name="parallelism">How many calls run at once; at least 1. The report does not depend on it.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <exception cref="FileNotFoundException">There is no such recording.</exception>
    public static Task<ReplayReport> RunAsync(
        Algorithm algorithm, string path, int parallelism = 1, CancellationToken cancellationToken = default) =>
        RunAsync(algorithm, CallRecording.Read(path), parallelism, cancellationToken);

    /// <summary>Replays calls from anywhere.</summary>
    /// <param name="algorithm">The algorithm, or a changed one.</param>
    /// <param name="calls">The calls; the report counts them from 1.</param>
    /// <param name="parallelism">How many calls run at once; at least 1. The report does not depend on it.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    public static Task<ReplayReport> RunAsync(
        Algorithm algorithm, IEnumerable<CallRecord> calls, int parallelism = 1, CancellationToken cancellationToken = default) =>
        RunAsync(
            algorithm, calls.Select((call, i) => new RecordedLine(null, i + 1) { Call = call }), parallelism, cancellationToken);

    /// <summary>Replays lines of <see cref="CallRecording"/>: from certain files, from a stream, or a selection of yours.</summary>
    /// <param name="algorithm">The algorithm, or a changed one.</param>
    /// <param name="lines">The lines. Taken one by one, so that a recording may be larger than the memory.</param>
    /// <param name="parallelism">How many calls run at once; at least 1. The report does not depend on it.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    public static async Task<ReplayReport> RunAsync(
        Algorithm algorithm, IEnumerable<RecordedLine> lines, int parallelism = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentOutOfRangeException.ThrowIfLessThan(parallelism, 1);
        var runner = new StepRunner(algorithm, Timeout.InfiniteTimeSpan, maxTopologyNodes: int.MaxValue);
        var differences = new ConcurrentBag<(int Order, ReplayDifference Difference)>();
        var (calls, dropped) = (0, 0L);
        var recorded = new List<string>();
        var unreadable = new List<RecordedLine>();
        var notComparable = new List<NotComparableCall>();
        await Parallel.ForEachAsync(
            Comparable().Select((line, i) => (Line: line, Order: i)),
            new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                if (await CompareAsync(runner, item.Line, token).ConfigureAwait(false) is { } difference)
                {
                    differences.Add((item.Order, difference));
                }
            }).ConfigureAwait(false);
        return new ReplayReport(algorithm)
        {
            RecordedAlgorithms = recorded,
            Calls = calls,
            Dropped = dropped,
            Differences = [.. differences.OrderBy(found => found.Order).Select(found => found.Difference)],
            NotComparable = notComparable,
            UnreadableLines = unreadable,
        };

        // Enumerated by one thread at a time.
        IEnumerable<RecordedLine> Comparable()
        {
            foreach (var line in lines)
            {
                dropped += line.Dropped;
                if (line.Call is not { } call)
                {
                    if (line.Problem is not null)
                    {
                        unreadable.Add(line);
                    }

                    continue;
                }

                calls++;
                if (NameOf(call.Algorithm, call.Version) is var name && !recorded.Contains(name))
                {
                    recorded.Add(name);
                }

                if (WhyNot(algorithm, call) is { } reason)
                {
                    notComparable.Add(new(line.File, line.Number, call.Step, reason));
                }
                else
                {
                    yield return line;
                }
            }
        }
    }

    internal static string NameOf(Algorithm algorithm) => NameOf(algorithm.Name, algorithm.Version);

    private static string NameOf(string name, string version) => version.Length > 0 ? $"{name} {version}" : name;

    private static string? WhyNot(Algorithm algorithm, CallRecord call) =>
        call.Status is null ? call.Error?.Message ?? "there was no reply"
        : call.Error?.Type == nameof(UdfTimeoutException) ? call.Error.Message
        : !algorithm.Steps.Contains(call.Step) ? $"{algorithm} has no {call.Step.Name()} step"
        : null;

    private static async Task<ReplayDifference?> CompareAsync(StepRunner runner, RecordedLine line, CancellationToken cancellationToken)
    {
        var call = line.Call!;
        var reply = await runner.RunAsync(call.Step, call.Request, cancellationToken).ConfigureAwait(false);
        var difference = FirstDifference(call, reply);
        return difference is null
            ? null
            : new(line.File, line.Number, call.Step, IterationId(call.Request.Span), difference.Path, difference.Recorded, difference.Replayed);
    }

    private static JsonDifference? FirstDifference(CallRecord call, StepReply reply)
    {
        if (call.Status == 200 && reply.StatusCode == 200)
        {
            return JsonDifference.First(call.Reply, reply.Body);
        }

        var error = reply.Error is null ? null : CallError.Of(reply.Error);
        var isSameError = call.Error is null || error is null || call.Error.Type == error.Type;
        return call.Status == reply.StatusCode && isSameError
            ? null
            : new("$", Describe(call.Status, call.Error, call.Reply), Describe(reply.StatusCode, error, reply.Body));
    }

    private static string Describe(int? status, CallError? error, ReadOnlyMemory<byte> body) =>
        $"{status} {(error is null ? Encoding.UTF8.GetString(body.Span) : $"{error.Type}: {error.Message}")}";

    private static string? IterationId(ReadOnlySpan<byte> request)
    {
        try
        {
            var reader = new Utf8JsonReader(request, new JsonReaderOptions { MaxDepth = DefaultJson.DeepestNesting });
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals(WireNames.Id);
                reader.Read();
                if (isId)
                {
                    return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                }

                reader.Skip();
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // A request that was refused; the line number has to do.
        }

        return null;
    }
}
