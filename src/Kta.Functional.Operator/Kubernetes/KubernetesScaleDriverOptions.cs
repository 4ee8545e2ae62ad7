namespace Kta.Functional.Operator;

/// <summary>How objects of Kubernetes are scaled.</summary>
/// <remarks>Immutable.</remarks>
public sealed record KubernetesScaleDriverOptions
{
    /// <summary>Whether the API server only checks what it would do, admission and quotas included. No events are written then. Default false.</summary>
    public bool DryRun { get; init; }

    /// <summary>Whether events are written on the objects. Default true.</summary>
    public bool Events { get; init; } = true;

    /// <summary>The least time between two events of an object: the interval of the policy. Default 30 s.</summary>
    public TimeSpan EventInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time the API server has for an answer. Default 5 s.</summary>
    public TimeSpan CallLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long is waited, all together, where the API server says when it may be asked again (429 and <c>Retry-After</c>). Default 10 s.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The time. Default: the system's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <exception cref="ArgumentException">A time does not fit; all of them are named.</exception>
    internal KubernetesScaleDriverOptions Checked()
    {
        new OptionProblems("the Kubernetes driver")
            .Positive(nameof(CallLimit), CallLimit)
            .NotNegative(nameof(Patience), Patience)
            .NotNegative(nameof(EventInterval), EventInterval)
            .ThrowIfAny();
        return this;
    }
}
