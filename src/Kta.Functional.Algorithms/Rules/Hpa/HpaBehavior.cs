using static System.FormattableString;

namespace Kta.Functional.Algorithms;

/// <summary>What a policy of the behavior section counts in.</summary>
public enum HpaPolicyType
{
    /// <summary>Instances.</summary>
    Pods,

    /// <summary>Percent of the instances there were when the period began.</summary>
    Percent,
}

/// <summary>Which of several policies counts.</summary>
public enum HpaSelectPolicy
{
    /// <summary>The one that allows the largest change.</summary>
    Max,

    /// <summary>The one that allows the smallest change.</summary>
    Min,

    /// <summary>None: nothing goes in this direction.</summary>
    Disabled,
}

/// <summary>How much may change within a time.</summary>
/// <param name="Type">Instances or percent.</param>
/// <param name="Value">How many; more than 0.</param>
/// <param name="Period">Within which time; more than 0, at most 30 minutes.</param>
public sealed record HpaPolicy(HpaPolicyType Type, int Value, TimeSpan Period);

/// <summary>How fast it may go in one direction: <c>behavior.scaleUp</c> or <c>behavior.scaleDown</c>.</summary>
public sealed record HpaScaling
{
    /// <summary>The time whose proposals have to agree before anything changes. 0 to 1 hour.</summary>
    public TimeSpan StabilizationWindow { get; init; }

    /// <summary>Which of the policies counts. Default: the one that allows the largest change.</summary>
    public HpaSelectPolicy SelectPolicy { get; init; }

    /// <summary>How much may change within which time; at least one.</summary>
    public IReadOnlyList<HpaPolicy> Policies { get; init; } = [];

    /// <summary>How far the metric may be away from its target in this direction, 0 to 10; null: the tolerance of the rule.</summary>
    public double? Tolerance { get; init; }

    /// <summary>Kubernetes' default for up: at once, by 4 instances or 100 % in 15 s, whatever is more.</summary>
    public static HpaScaling DefaultUp { get; } = new()
    {
        Policies = [new(HpaPolicyType.Pods, 4, TimeSpan.FromSeconds(15)), new(HpaPolicyType.Percent, 100, TimeSpan.FromSeconds(15))],
    };

    /// <summary>Kubernetes' default for down: after 300 s, by 100 % in 15 s.</summary>
    public static HpaScaling DefaultDown { get; } = new()
    {
        StabilizationWindow = TimeSpan.FromSeconds(300),
        Policies = [new(HpaPolicyType.Percent, 100, TimeSpan.FromSeconds(15))],
    };

    internal void Check(string option, OptionChecks checks)
    {
        checks
            .Check(
                StabilizationWindow >= TimeSpan.Zero && StabilizationWindow <= TimeSpan.FromHours(1),
                $"{option}.stabilizationWindow",
                StabilizationWindow,
                "from 0 to 1 hour")
            .Check(Tolerance is null or (>= 0 and <= 10), $"{option}.tolerance", Tolerance, "from 0 to 10, or absent")
            .Check(Policies.Count > 0 || SelectPolicy == HpaSelectPolicy.Disabled, $"{option}.policies", "empty", "at least one policy");
        for (var i = 0; i < Policies.Count; i++)
        {
            checks
                .Check(Policies[i].Value > 0, Invariant($"{option}.policies[{i}].value"), Policies[i].Value, "more than 0")
                .Check(
                    Policies[i].Period > TimeSpan.Zero && Policies[i].Period <= TimeSpan.FromMinutes(30),
                    Invariant($"{option}.policies[{i}].period"),
                    Policies[i].Period,
                    "more than 0, at most 30 minutes");
        }
    }

    /// <summary>The longest time it looks back.</summary>
    internal TimeSpan LooksBack => Policies.Select(policy => policy.Period).Append(StabilizationWindow).Max();
}
