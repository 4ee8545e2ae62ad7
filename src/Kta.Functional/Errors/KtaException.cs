namespace Kta.Functional;

/// <summary>The base of all errors this SDK reports about an algorithm, a request or itself.</summary>
public abstract class KtaException : Exception
{
    private protected KtaException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>A defect of the SDK, not of your algorithm and not of the request. Please report it.</summary>
public sealed class InternalErrorException : KtaException
{
    /// <summary>Wraps the unexpected exception.</summary>
    /// <param name="message">What the SDK was doing.</param>
    /// <param name="inner">What went wrong.</param>
    public InternalErrorException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

/// <summary>Something was read or changed at a time when that is not allowed, for example a context after its call has ended.</summary>
public sealed class IllegalAccessException : KtaException
{
    /// <summary>Says what was accessed, and what to do instead.</summary>
    /// <param name="message">The whole message.</param>
    public IllegalAccessException(string message)
        : base(message)
    {
    }
}

/// <summary>An operation is not possible in the present state, for example running a backend that has no algorithm.</summary>
public sealed class IllegalStateException : KtaException
{
    /// <summary>Says what was tried, why it is not possible now, and what to do instead.</summary>
    /// <param name="message">The whole message.</param>
    public IllegalStateException(string message)
        : base(message)
    {
    }
}

/// <summary>A user-defined function failed: it threw, took too long, or answered something that cannot be sent.</summary>
public class UdfException : KtaException
{
    /// <summary>Reports the failure of a step.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="inner">What the function threw, if it threw.</param>
    public UdfException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>A user-defined function answered something that is not a result: null, a plan that does not fit, a number JSON cannot hold.</summary>
public sealed class UdfResultException : UdfException
{
    /// <summary>Says what was answered and what is expected.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="inner">The cause, if another exception is the cause.</param>
    public UdfResultException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
