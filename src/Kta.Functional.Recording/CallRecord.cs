using Kta.Functional.Calls;

namespace Kta.Functional.Recording;

/// <summary>One call of a step: the bytes that came, the bytes that went, and what went wrong.</summary>
/// <remarks>Two records are equal if all their contents are, bytes included.</remarks>
public sealed record CallRecord
{
    /// <summary>When the call came.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>The name of the algorithm, or the address that was called if the algorithm is elsewhere.</summary>
    public string Algorithm { get; init; } = "";

    /// <summary>The version of the algorithm; empty if it has none.</summary>
    public string Version { get; init; } = "";

    /// <summary>The step that was called.</summary>
    public Step Step { get; init; }

    /// <summary>The exact bytes of the request's body.</summary>
    public ReadOnlyMemory<byte> Request { get; init; }

    /// <summary>The HTTP status of the reply, or null if there was none: the caller went away, or nobody was reached.</summary>
    public int? Status { get; init; }

    /// <summary>The exact bytes of the reply's body; empty if there was no reply.</summary>
    public ReadOnlyMemory<byte> Reply { get; init; }

    /// <summary>What went wrong, or null. Also null for a failed call over HTTP: then the reply says it.</summary>
    public CallError? Error { get; init; }

    /// <summary>
    /// Why a plan is as it is: the reasons by the name of the node, in the order they were given; empty if there are none. Only in the
    /// recording, never in a reply.
    /// </summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Reasons { get; init; } = NoReasons;

    /// <summary>From the arrival of the request to the reply. Kept in steps of 100 ns.</summary>
    public TimeSpan Duration { get; init; }

    internal static IReadOnlyDictionary<string, IReadOnlyList<string>> NoReasons { get; } = new Dictionary<string, IReadOnlyList<string>>();

    internal static IReadOnlyDictionary<string, IReadOnlyList<string>> ReasonsOf(Explanation? explanation) =>
        explanation is null || explanation.Nodes.All(node => node.Reasons.Count == 0) ? NoReasons
        : explanation.Nodes.Where(node => node.Reasons.Count > 0).ToDictionary(
            node => node.Node.ToString(), node => (IReadOnlyList<string>)[.. node.Reasons.Select(reason => reason.ToString())]);

    /// <summary>Whether all contents are equal, bytes included.</summary>
    /// <param name="other">Another record, or null.</param>
    public bool Equals(CallRecord? other) =>
        other is not null
        && At == other.At
        && Algorithm == other.Algorithm
        && Version == other.Version
        && Step == other.Step
        && Status == other.Status
        && Error == other.Error
        && Duration == other.Duration
        && Reasons.Count == other.Reasons.Count
        && Reasons.All(pair => other.Reasons.TryGetValue(pair.Key, out var reasons) && reasons.SequenceEqual(pair.Value))
        && Request.Span.SequenceEqual(other.Request.Span)
        && Reply.Span.SequenceEqual(other.Reply.Span);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(At, Algorithm, Step, Status, Duration, Request.Length, Reply.Length);
}

/// <summary>What went wrong in a call.</summary>
/// <param name="Type">The type of what the function threw, as <c>DivideByZeroException</c>, or of the SDK's own error.</param>
/// <param name="Message">The message the operator got, or why there was no reply.</param>
public sealed record CallError(string Type, string Message)
{
    internal static CallError CallerGone { get; } = new(nameof(OperationCanceledException), StepReply.CallerGoneMessage);

    internal static CallError Of(KtaException error)
    {
        var thrown = error.GetType() == typeof(UdfException) && error.InnerException is { } inner ? inner : error;
        return new(ThrownText.TypeOf(thrown), error.Message);
    }

    /// <summary>Nobody was reached.</summary>
    internal static CallError OfUnanswered(Exception error) => new(ThrownText.TypeOf(error.InnerException ?? error), error.Message);
}
