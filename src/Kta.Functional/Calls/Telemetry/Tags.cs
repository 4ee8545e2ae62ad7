namespace Kta.Functional.Calls;

/// <summary>The attributes of measurements and spans; OpenTelemetry's names where there are some.</summary>
internal static class Tags
{
    internal const string Step = "kta.step";
    internal const string Node = "kta.node";
    internal const string Iteration = "kta.iteration.id";
    internal const string TopologySize = "kta.topology.size";
    internal const string RequestSize = "kta.request.size";
    internal const string Skipped = "kta.history.skipped";
    internal const string Decided = "kta.decided";
    internal const string Previous = "kta.previous";
    internal const string Status = "http.response.status_code";
    internal const string ErrorType = "error.type";

    private static readonly KeyValuePair<string, object?>[] Steps =
        [.. Enum.GetValues<Step>().Select(step => KeyValuePair.Create(Step, (object?)step.Name()))];

    internal static KeyValuePair<string, object?> Timeout { get; } = new(ErrorType, "timeout");

    internal static KeyValuePair<string, object?> CallerGone { get; } = new(ErrorType, "caller_gone");

    internal static KeyValuePair<string, object?> Of(Step step) => Steps[(int)step];

    internal static KeyValuePair<string, object?> OfNode(string label) => new(Node, label);

    /// <summary>What went wrong, as OpenTelemetry's <c>error.type</c>: the full name of what a function threw, or of our own error; null if nothing did.</summary>
    internal static string? ErrorTypeOf(StepReply reply) => reply switch
    {
        { CallerHasGone: true } => (string)CallerGone.Value!,
        { Error: null } => null,
        { Error: UdfTimeoutException } => (string)Timeout.Value!,
        { Error: UdfException { InnerException: { } thrown } and not UdfResultException } => ThrownText.FullTypeOf(thrown),
        { Error: var error } => ThrownText.FullTypeOf(error),
    };
}
