using System.Buffers;
using System.Text.Json;
using Kta.Functional.Wire;

namespace Kta.Functional.Calls;

/// <summary>The answer to one call of a step: a status in the words of HTTP, and a body that is always one JSON object.</summary>
public sealed class StepReply
{
    internal const string CallerGoneMessage = "The caller went away before there was a reply, or the host stopped.";

    /// <summary>As some servers log it; no caller ever sees it.</summary>
    private const int ClientClosedRequest = 499;

    private static readonly byte[] CallerGoneBody =
        ErrorBody(ClientClosedRequest, CallerGoneMessage);

    internal StepReply(int statusCode, ReadOnlyMemory<byte> body, KtaException? error, IReadOnlyList<RequestProblem> skippedHistory, bool requestIsFree)
    {
        StatusCode = statusCode;
        Body = body;
        Error = error;
        SkippedHistory = skippedHistory;
        RequestIsFree = requestIsFree;
    }

    /// <summary>200 for an answer, 400 or 422 for a request that is not valid, 500 for a step or an SDK that failed, 499 if the caller has gone.</summary>
    public int StatusCode { get; }

    /// <summary>The body in UTF-8: the step's result, or <c>{"message": …}</c>.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>What went wrong, or null. Its inner exception is what the user-defined function threw.</summary>
    public KtaException? Error { get; }

    /// <summary>History entries the step came across that do not fit the algorithm's types, with the reason.</summary>
    public IReadOnlyList<RequestProblem> SkippedHistory { get; }

    /// <summary>Whether nothing reads the bytes of the request any more, so that their buffer may be used again.</summary>
    public bool RequestIsFree { get; }

    /// <summary>Whether nobody waits for the reply: the token of the call has fired. The step may go on, see <see cref="StepRunner.AbandonedSteps"/>.</summary>
    public bool CallerHasGone { get; private init; }

    /// <summary>The id of the iteration, shortened if it is very long; null if it could not be read.</summary>
    public string? Iteration => IterationId is null ? null : SafeExcerpt.Of(IterationId);

    /// <summary>Why the plan is as it is; null for other steps, for failures, and unless <see cref="StepRunner.Explains"/>.</summary>
    public Explanation? Explanation { get; internal init; }

    internal string? IterationId { get; init; }

    /// <summary>Whether the history ended too early for what plan wanted to look at.</summary>
    internal ShortHistory? ShortHistory { get; init; }

    /// <summary>Whether its codec reads it alike, see <see cref="HandedResult.ReadAlike"/>.</summary>
    internal bool IsReadAlike { get; init; }

    /// <summary>What is odd about a reply from elsewhere, for messages; empty if nothing is.</summary>
    internal string Remark { get; init; } = "";

    /// <summary>A reply that refuses a call before any step is reached.</summary>
    /// <param name="statusCode">The HTTP status.</param>
    /// <param name="message">What happened, what was expected, what to do.</param>
    public static StepReply Refusal(int statusCode, string message) => new(statusCode, ErrorBody(statusCode, message), null, [], true);

    /// <summary>A reply that came from elsewhere.</summary>
    internal static StepReply Received(int statusCode, ReadOnlyMemory<byte> body, string remark) =>
        new(statusCode, body, null, [], true) { Remark = remark };

    /// <summary>Measurements of a monitor that is no step.</summary>
    internal static StepReply Measured(ReadOnlyMemory<byte> body) => new(200, body, null, [], true) { IsReadAlike = true };

    internal static StepReply Answer(ReceivedRequest request, StepOutput output) =>
        new(200, output.Body, null, request.SkippedEntries, request.Body.Close())
        {
            IterationId = request.Id,
            Explanation = output.Explanation,
            ShortHistory = output.ShortHistory,
            IsReadAlike = output.IsReadAlike,
        };

    /// <summary>A plan, the reasons for it by the same keys, and the nodes that were held back or lack measurements.</summary>
    internal static StepReply Explained(ReceivedRequest request, StepOutput output)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body, JsonFormat.Writing))
        {
            writer.WriteStartObject();
            writer.WritePropertyName(WireNames.Plan);
            writer.WriteRawValue(output.Body.Span, skipInputValidation: true);
            ExplanationWriter.WriteMembers(output.Explanation!, writer);
            writer.WriteEndObject();
        }

        return new(200, body.WrittenMemory, null, request.SkippedEntries, request.Body.Close()) { IterationId = request.Id };
    }

    /// <summary>A reply that nobody waits for any more.</summary>
    internal static StepReply Gone(ReceivedRequest? request, RequestBody body) =>
        new(ClientClosedRequest, CallerGoneBody, null, request?.SkippedEntries ?? [], body.Close())
        {
            IterationId = request?.Id,
            CallerHasGone = true,
        };

    internal static StepReply Failure(
        KtaException error, string message, string? iterationId, IReadOnlyList<RequestProblem> skippedHistory, bool requestIsFree)
    {
        var status = error switch
        {
            InvalidRequestException { IsUnreadable: true } => 400,
            InvalidRequestException => 422,
            _ => 500,
        };
        return new(status, ErrorBody(status, message), error, skippedHistory, requestIsFree) { IterationId = iterationId };
    }

    private static byte[] ErrorBody(int statusCode, string message)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, JsonFormat.Writing))
        {
            writer.WriteStartObject();
            writer.WriteString(WireNames.Message, message);
            if (statusCode is 400 or 404 or 405)
            {
                // Clients of the Python SDK look here for these.
                writer.WriteString("detail"u8, message);
            }

            writer.WriteEndObject();
        }

        return output.WrittenSpan.ToArray();
    }
}
