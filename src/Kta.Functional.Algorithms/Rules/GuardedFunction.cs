using Kta.Functional.Statelessness;

namespace Kta.Functional.Algorithms;

/// <summary>A user's function within a rule, a strategy or a preparation, checked for state as steps are.</summary>
internal sealed class GuardedFunction<TFirst, TSecond, TResult>
{
    private readonly Func<TFirst, TSecond, TResult> _function;
    private readonly Lazy<StateGuard>? _guard;

    /// <param name="function">The function.</param>
    /// <param name="what">What it is, for the message: rule 'night'.</param>
    /// <exception cref="StatefulUdfException">The function writes to something that outlives its calls.</exception>
    internal GuardedFunction(Func<TFirst, TSecond, TResult> function, string what)
    {
        _function = function;
        if (StateGuard.For(function, what) is { } guard)
        {
            // At the first call, not before: what is null now may be set by then.
            _guard = new(() =>
            {
                guard.Start();
                return guard;
            });
        }
    }

    /// <exception cref="IllegalAccessException">A captured variable has changed.</exception>
    internal TResult Invoke(TFirst first, TSecond second)
    {
        var guard = _guard?.Value;
        var result = _function(first, second);
        guard?.Check();
        return result;
    }
}
