namespace Kta.Functional;

/// <summary>
/// A step was asked twice about the same context and has answered differently: it is no function of its context. Found by
/// asking again, in tests, at the end of a local run, and beside the calls of a server.
/// </summary>
public sealed class ChangedDecisionException : KtaException
{
    internal ChangedDecisionException(Step step, string contextId, string context, string path, string first, string again, Exception? inner = null)
        : base(
            $"{step.Name()} is not stateless: asked twice about {context}, it answered differently. " +
            $"At {path} it said {SafeExcerpt.Of(first)} at first, and {SafeExcerpt.Of(again)} when it was asked again after other calls. {Advice(step)}",
            inner)
    {
        Step = step;
        ContextId = contextId;
        Path = path;
        First = first;
        Again = again;
    }

    /// <summary>The step.</summary>
    public Step Step { get; }

    /// <summary>The id of the context it was asked about.</summary>
    public string ContextId { get; }

    /// <summary>The JSON path of the first difference in the answer; <c>$</c> if the second call failed. Nodes stand as <c>['Deployment/orders']</c>.</summary>
    public string Path { get; }

    /// <summary>What the first answer has there, as JSON.</summary>
    public string First { get; }

    /// <summary>What the second answer has there, as JSON, or how the second call failed.</summary>
    public string Again { get; }

    private static string Advice(Step step) =>
        "Something it uses has changed in between: a field, a captured variable or object, a static, a clock, a random number. " +
        "Put what has to be remembered into the step's result and read it from ctx.History; take the time from ctx.StartedAt" +
        (step == Step.Monitor
            ? ". A monitor that looks at the world may answer differently: declare what it asks with Service.Of(…), or do not ask monitor twice."
            : ", and let monitor look at the world.");
}
