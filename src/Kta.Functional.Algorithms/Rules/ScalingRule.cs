namespace Kta.Functional.Algorithms;

/// <summary>A scaling rule: a pure function of measurements, time and history that gives a plan and says why.</summary>
/// <remarks>
/// <para>Ready-made ones are <see cref="Ds2"/>, <see cref="FlinkAutoscaler"/>, <see cref="Hpa"/> and <see cref="BreakEven"/>; <see cref="Rule"/> combines rules, and makes
/// one of your own function.</para>
/// <para>A rule answers a number for every node of the topology. Where it lacks measurements it keeps what is there and marks the node,
/// see <see cref="Plan.LacksData"/>.</para>
/// </remarks>
public sealed class ScalingRule
{
    private readonly Func<Measurements, RuleContext, Plan> _decide;

    internal ScalingRule(string name, HistoryNeeded historyNeeded, Func<Measurements, RuleContext, Plan> decide)
    {
        Name = name;
        HistoryNeeded = historyNeeded;
        _decide = decide;
    }

    /// <summary>The name, for reasons and logs.</summary>
    public string Name { get; }

    /// <summary>How much history the rule looks at.</summary>
    public HistoryNeeded HistoryNeeded { get; }

    /// <summary>Whether it sizes sources for their backlog, which must not happen twice.</summary>
    internal bool CatchesUp { get; init; }

    /// <summary>Decides.</summary>
    /// <param name="now">The present measurements.</param>
    /// <param name="context">The nodes, the time, and the past.</param>
    /// <exception cref="MissingMeasurementException">Nobody knows how many instances a node has.</exception>
    /// <exception cref="UdfResultException">The measurements cannot be right (edges in a circle), or a function of yours answered a plan
    /// that does not fit the topology.</exception>
    public Plan Decide(Measurements now, RuleContext context)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(context);
        var plan = _decide(now, context);
        if (context.Told is { } told && context.History.End is var (count, oldest)
            && (count < HistoryNeeded.Entries || context.StartedAt - (oldest ?? context.StartedAt) < HistoryNeeded.Period))
        {
            told($"{Name} looks back {HistoryNeeded}", count);
        }

        return plan;
    }

    /// <summary>The same plan without reasons, for decisions of the past that are computed again.</summary>
    /// <param name="now">The measurements.</param>
    /// <param name="context">The nodes, the time, and the past.</param>
    public Plan DecideWithoutReasons(Measurements now, RuleContext context) =>
        ReasonsOff.During((Rule: this, now, context), static call => call.Rule.Decide(call.now, call.context));

    /// <summary>The same rule on measurements that are prepared first, those of the past as well.</summary>
    /// <param name="preparations">What is done to them, in the order it is done.</param>
    /// <exception cref="ArgumentException">The backlog would count twice: <see cref="Preparation.CatchUp"/> beside another one, or beside
    /// <see cref="Ds2Options.CatchUp"/> or <see cref="FlinkAutoscalerOptions.CatchUp"/>.</exception>
    /// <example><code>BreakEven.Rule().Prepared(Preparation.WarmUp(TimeSpan.FromSeconds(60)))</code></example>
    public ScalingRule Prepared(params Preparation[] preparations)
    {
        ArgumentNullException.ThrowIfNull(preparations);
        return PreparedRule.Of(this, [.. preparations]);
    }

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
