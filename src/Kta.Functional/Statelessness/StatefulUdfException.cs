namespace Kta.Functional;

/// <summary>
/// A step, or a function within one, writes to something that outlives its calls. Found when the algorithm is made, so that it never happens at three
/// in the morning.
/// </summary>
public sealed class StatefulUdfException : KtaException
{
    internal StatefulUdfException(string what, IReadOnlyList<string> findings)
        : base(
            $"The {what} is not stateless: {string.Join("; ", findings)}. The operator calls steps several times at once, tries them " +
            "again, and moves them between processes, so what one call writes another may or may not see. Put what has to be remembered " +
            "into the step's result and read it from ctx.History; make what is needed for one call only within the step.") =>
        Findings = findings;

    /// <summary>Everything that was found: what is written, and in which method.</summary>
    public IReadOnlyList<string> Findings { get; }
}
