using Kta.Functional.Statelessness;

namespace Kta.Functional;

/// <summary>A user-defined function of a step: a pure function of its context, synchronous or asynchronous.</summary>
/// <typeparam name="TContext">The context of the step.</typeparam>
/// <typeparam name="TResult">What the step answers.</typeparam>
/// <remarks>
/// Functions are called by many requests at once and must not keep state; everything that remembers is a function of
/// <c>ctx.History</c>.
/// </remarks>
/// <example><code>algorithm with { Plan = new(ctx => Plan.ForEach(ctx.Topology, node => 4)) }</code></example>
public sealed class Udf<TContext, TResult>
    where TContext : StepContext
{
    private readonly Func<TContext, TResult>? _now;
    private readonly Func<TContext, CancellationToken, Task<TResult>>? _later;
    private readonly StateGuard? _guard;

    private static string StepName => typeof(TContext).Name.Split("Context")[0].ToLowerInvariant();

    /// <summary>Takes a synchronous function. It may block: a server has a thread for every call it admits.</summary>
    /// <param name="function">Gives the answer for a context.</param>
    /// <exception cref="ArgumentException">The answer is a task.</exception>
    /// <exception cref="StatefulUdfException">The function writes to something that outlives its calls.</exception>
    public Udf(Func<TContext, TResult> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        RefuseTasks();
        _now = function;
        _guard = StateGuard.For(function, $"{StepName} step");
    }

    /// <summary>Takes an asynchronous function.</summary>
    /// <param name="function">
    /// Gives the answer for a context. The token fires when the caller goes away, the step's time is up, or the host stops.
    /// </param>
    /// <exception cref="ArgumentException">The answer of the task is a task again.</exception>
    /// <exception cref="StatefulUdfException">The function writes to something that outlives its calls.</exception>
    public Udf(Func<TContext, CancellationToken, Task<TResult>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        RefuseTasks();
        _later = function;
        _guard = StateGuard.For(function, $"{StepName} step");
    }

    private Udf(
        Udf<TContext, TResult> inner, object wrapper, Func<TContext, TResult>? now, Func<TContext, CancellationToken, Task<TResult>>? later)
    {
        (_now, _later, _guard) = (now, later, inner._guard);
        (Inner, Wrapper) = (inner, wrapper);
    }

    /// <summary>Whether the function is asynchronous.</summary>
    public bool IsAsync => _later is not null;

    /// <summary>Calls the function, as a test would: no time limit, no other thread, exceptions as they are.</summary>
    /// <param name="context">The context, made with its public constructor.</param>
    /// <param name="cancellationToken">Handed to an asynchronous function.</param>
    public Task<TResult> InvokeAsync(TContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        try
        {
            return _now is not null
                ? Task.FromResult(_now(context))
                : _later!(context, cancellationToken)
                  ?? throw new UdfResultException(
                      "the function answered null instead of a task. Write it as async, or answer Task.FromResult(…).");
        }
        catch (Exception error)
        {
            return Task.FromException<TResult>(error);
        }
    }

    /// <summary>Calls a synchronous function.</summary>
    internal TResult Invoke(TContext context) => _now!(context);

    /// <summary>Whether the function ships with us and was looked at for state by its authors: nobody has to ask it twice.</summary>
    internal bool IsKnownStateless { get; private set; }

    /// <summary>Reports a captured variable that has another value than when the function was made.</summary>
    internal void CheckState() => _guard?.Check();

    /// <summary>The same before serving; what was null then may have been set.</summary>
    internal void StartGuard() => _guard?.Start();

    internal Udf<TContext, TResult> AsKnownStateless()
    {
        var copy = (Udf<TContext, TResult>)MemberwiseClone();
        copy.IsKnownStateless = true;
        return copy;
    }

    /// <summary>The function without what was put around it; null if nothing was.</summary>
    internal Udf<TContext, TResult>? Inner { get; }

    /// <summary>Who put something around the function.</summary>
    internal object? Wrapper { get; }

    /// <summary>
    /// Puts something around the function: a synchronous one stays synchronous, an asynchronous one asynchronous, and the check for state
    /// goes on looking at the function itself.
    /// </summary>
    /// <param name="wrapper">Who does it.</param>
    /// <param name="now">Calls a synchronous function, and makes something of its answer.</param>
    /// <param name="later">Makes something of the answer of an asynchronous one.</param>
    internal Udf<TContext, TResult> Wrapped(
        object wrapper, Func<TContext, Func<TContext, TResult>, TResult> now, Func<TContext, TResult, TResult> later) =>
        _now is { } function
            ? new(this, wrapper, context => now(context, function), null)
            : new(this, wrapper, null, async (context, cancellationToken) =>
                later(context, await InvokeAsync(context, cancellationToken).ConfigureAwait(false)));

    /// <summary>The same function with somebody who is told when it is called, before it is.</summary>
    internal Udf<TContext, TResult> Watched(Action begins) => new(
        this,
        begins,
        _now is null ? null : context =>
        {
            begins();
            return _now(context);
        },
        _later is null ? null : (context, cancellationToken) =>
        {
            begins();
            return _later(context, cancellationToken);
        })
    {
        IsKnownStateless = IsKnownStateless,
    };

    private static void RefuseTasks()
    {
        var type = typeof(TResult);
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        var kind = typeof(Task).IsAssignableFrom(type) || generic == typeof(ValueTask<>) ? "task"
            : generic.FullName == "Microsoft.FSharp.Control.FSharpAsync`1" ? "task"
            : generic.FullName == "Microsoft.FSharp.Core.FSharpFunc`2" ? "function"
            : null;
        if (kind is not null)
        {
            throw new ArgumentException(
                $"A step answers {TypeText.Of(type)}, but a result is a value, not a {kind}. " +
                "Write the function with two parameters, context and CancellationToken: C# `async (ctx, ct) => …`, F# `fun ctx ct -> task { … }`.");
        }
    }
}
