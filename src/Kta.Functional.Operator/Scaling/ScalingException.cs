namespace Kta.Functional.Operator;

/// <summary>Something could not be read or scaled: what, why, and what to do.</summary>
/// <param name="message">All of that.</param>
/// <param name="inner">The cause, if an exception is the cause.</param>
public sealed class ScalingException(string message, Exception? inner = null) : KtaException(message, inner);
