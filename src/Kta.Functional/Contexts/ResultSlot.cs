using System.Diagnostics.CodeAnalysis;

namespace Kta.Functional;

/// <summary>The result of a step before it is known to be readable.</summary>
internal abstract class ResultSlot<T>
    where T : class
{
    internal abstract bool IsNothing { get; }

    internal abstract T Value { get; }
}

internal sealed class GivenResult<T>(T value) : ResultSlot<T>
    where T : class
{
    internal override bool IsNothing => false;

    internal override T Value => value;

    internal static ResultSlot<T> Of(T? value) => value is null ? new MissingResult<T>() : new GivenResult<T>(value);
}

internal sealed class MissingResult<T> : ResultSlot<T>
    where T : class
{
    internal override bool IsNothing => true;

    [SuppressMessage("Design", "CA1065", Justification = "As with a request: the value does not exist.")]
    internal override T Value =>
        throw new IllegalStateException("AnalyzeResult was read in a context without one. Use AnalyzeResultOrNull if analyze may have nothing to say.");
}
