using Kta.Functional.Files;
using Kta.Functional.Simulation;

namespace Kta.Functional.Operator;

/// <summary>A policy with everything its loop needs: who decides, and what is scaled.</summary>
public sealed class OperatedPolicy
{
    /// <summary>The policy.</summary>
    public required KtaPolicy Policy { get; init; }

    /// <summary>Who decides, by how long a rescale takes here: null until one was watched. Asked again when that changes.</summary>
    public required Func<TimeSpan?, LocalPolicy> Steps { get; init; }

    /// <summary>What is scaled. The loop disposes of it when the policy ends.</summary>
    public required ScaleDriver Driver { get; init; }

    /// <summary>Who decides with which settings, as a JSON object: it is stored, so that a report can show when it changed.</summary>
    public string Settings { get; init; } = "{}";

    /// <summary>What ends with the policy, such as its monitor; null for nothing.</summary>
    public IDisposable? Owned { get; init; }

    /// <summary>The settings of a loop that the policy names; the rest are defaults.</summary>
    /// <param name="policy">The policy.</param>
    public static LocalOperatorOptions OptionsOf(KtaPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new()
        {
            MinParallelism = policy.MinParallelism,
            MaxParallelism = policy.MaxParallelism,
            HistoryLength = policy.HistoryLength ?? DefaultHistory,
            Interval = policy.Interval,
            Clock = TimeProvider.System,
            Explain = true,
            AnyKind = true,
        };
    }

    /// <summary>How many iterations a step is told if the policy does not say: 1,000. The operator tells all, which grows without end.</summary>
    public static int DefaultHistory => 1_000;
}
