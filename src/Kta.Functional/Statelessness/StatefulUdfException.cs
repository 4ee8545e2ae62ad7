namespace Kta.Functional;

/// <summary>
/// A step depends on something that can change between calls. Found when the algorithm is made, so that it never
/// happens at three in the morning.
/// </summary>
public sealed class StatefulUdfException : KtaException
{
    internal StatefulUdfException(IReadOnlyList<string> findings)
        : base(
            $"A step is not stateless: {string.Join("; ", findings)}. The operator calls steps several times at once, tries them again, " +
            "and moves them between processes. Put what has to be remembered into the step's result and read it from ctx.History; " +
            "wrap clients and other services into Service.Of(…).") =>
        Findings = findings;

    /// <summary>Everything that was found, each with the name of the variable or field, and its type.</summary>
    public IReadOnlyList<string> Findings { get; }
}
