using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Kta.Functional.Calls;
using Kta.Functional.Wire;

namespace Kta.Functional.Recording;

/// <summary>One replay: calls what can be compared, and collects what the report tells.</summary>
internal sealed class ReplayRun(ReplayTarget target, ClosedLoop? loop)
{
    private readonly ConcurrentBag<(int Order, ReplayDifference Difference)> _differences = [];
    private readonly List<string> _recorded = [];
    private readonly List<RecordedLine> _unreadable = [];
    private readonly List<NotComparableCall> _notComparable = [];
    private int _calls;
    private long _dropped;

    internal async Task<ReplayReport> RunAsync(
        IEnumerable<RecordedLine> lines, IReadOnlyList<string> notRead, int parallelism, CancellationToken cancellationToken)
    {
        await Parallel.ForEachAsync(
            Comparable(lines).Select((line, i) => (Line: line, Order: i)),
            new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                if (await CompareAsync(item.Line, token).ConfigureAwait(false) is { } difference)
                {
                    _differences.Add((item.Order, difference));
                }
            }).ConfigureAwait(false);
        return new ReplayReport(target.Name, target.Steps)
        {
            IsClosedLoop = loop is not null,
            RecordedAlgorithms = _recorded,
            Calls = _calls,
            Dropped = _dropped,
            Differences = [.. _differences.OrderBy(found => found.Order).Select(found => found.Difference)],
            NotComparable = _notComparable,
            UnreadableLines = _unreadable,
            FilesNotRead = notRead,
        };
    }

    /// <summary>Enumerated by one thread at a time.</summary>
    private IEnumerable<RecordedLine> Comparable(IEnumerable<RecordedLine> lines)
    {
        foreach (var line in lines)
        {
            _dropped += line.Dropped;
            if (line.Call is not { } call)
            {
                if (line.Problem is not null)
                {
                    _unreadable.Add(line);
                }

                continue;
            }

            _calls++;
            if (Replay.NameOf(call.Algorithm, call.Version) is var name && !_recorded.Contains(name))
            {
                _recorded.Add(name);
            }

            if (WhyNot(call) is { } reason)
            {
                _notComparable.Add(new(line.File, line.Number, call.Step, reason));
            }
            else
            {
                yield return line;
            }
        }
    }

    /// <summary>Why a call says nothing about any algorithm, or null.</summary>
    internal static string? WithoutDecision(CallRecord call) =>
        call.Status is null ? call.Error?.Message ?? "there was no reply"
        : call.Error?.Type == nameof(UdfTimeoutException) ? call.Error.Message
        : null;

    private string? WhyNot(CallRecord call) =>
        WithoutDecision(call) is { } reason ? reason
        : !target.Steps.Contains(call.Step) ? $"{target.Text} has no {call.Step.Name()} step"
        : null;

    private async Task<ReplayDifference?> CompareAsync(RecordedLine line, CancellationToken cancellationToken)
    {
        var call = line.Call!;
        var request = loop?.Next(call) ?? new(call.Request, false, null);
        if (request.WhyNot is { } reason)
        {
            // A closed loop makes one call after the other, so nobody else writes to the list.
            _notComparable.Add(new(line.File, line.Number, call.Step, reason));
            return null;
        }

        var reply = await target.Call(call.Step, request.Bytes, cancellationToken).ConfigureAwait(false);
        if (FirstDifference(call, reply) is not { } difference)
        {
            return null;
        }

        loop?.Keep(call, reply);
        return new(line.File, line.Number, call.Step, IterationId(call.Request.Span), difference.Path, difference.Recorded, difference.Replayed)
        {
            IsRequestChanged = request.IsChanged,
            Reasons = ReasonDifference.Between(call.Reasons, CallRecord.ReasonsOf(reply.Explanation)),
        };
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

    internal static string? IterationId(ReadOnlySpan<byte> request)
    {
        try
        {
            var reader = new Utf8JsonReader(request, JsonFormat.Reading);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals(WireNames.Id.EncodedUtf8Bytes);
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
