using Kta.Functional.Monitoring;

namespace Kta.Functional.Operator;

/// <summary>How a job of Flink is scaled.</summary>
/// <remarks>Immutable.</remarks>
public sealed record FlinkScaleDriverOptions
{
    /// <summary>The job manager, with credentials if it wants some. Default null: the address of the policy.</summary>
    public ServerOptions? Server { get; init; }

    /// <summary>What scales the task managers of a policy that names their Deployment. Default null: nobody does.</summary>
    public IReplicas? TaskManagers { get; init; }

    /// <summary>The time the job manager has for an answer, with all attempts. Default 5 s, as in the operator.</summary>
    public TimeSpan CallLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often the job is looked at while it rescales; a rescale is measured as exactly as that. Default 1 s.</summary>
    public TimeSpan WatchInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a rescale is watched. One that takes longer is not measured. Default 10 min.</summary>
    public TimeSpan WatchLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The time. Default: the system's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <exception cref="ArgumentException">A time does not fit; all of them are named.</exception>
    internal FlinkScaleDriverOptions Checked()
    {
        new OptionProblems("the Flink driver")
            .Positive(nameof(CallLimit), CallLimit)
            .Positive(nameof(WatchInterval), WatchInterval)
            .Positive(nameof(WatchLimit), WatchLimit)
            .ThrowIfAny();
        return this;
    }
}
