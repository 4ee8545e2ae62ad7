namespace Kta.Functional.Algorithms;

/// <summary>Makes an algorithm of a monitor, a rule, and strategies.</summary>
/// <remarks>
/// The rule runs in plan, so a policy without analyze works. Where the policy has analyze, that step publishes what the rule says by
/// itself, before the strategies, for recordings and dashboards; it changes no decision.
/// </remarks>
/// <example><code>Autoscaler.Create(ctx => …, Ds2.Rule(), Strategy.Bounds(1, 32), Strategy.Cooldown(TimeSpan.FromMinutes(2)))</code></example>
public static partial class Autoscaler
{
    /// <summary>The whole loop.</summary>
    /// <param name="monitor">Measures.</param>
    /// <param name="rule">Decides.</param>
    /// <param name="strategies">Bend the decision, in this order.</param>
    /// <exception cref="ArgumentException">A strategy cannot stand where it does.</exception>
    public static Algorithm<Measurements, Proposals> Create(
        Func<MonitorContext<Measurements, Proposals>, Measurements> monitor, ScalingRule rule, params Strategy[] strategies) =>
        Create(rule, strategies).WithMonitor(monitor);

    /// <inheritdoc cref="Create(Func{MonitorContext{Measurements, Proposals}, Measurements}, ScalingRule, Strategy[])"/>
    public static Algorithm<Measurements, Proposals> Create(
        Func<MonitorContext<Measurements, Proposals>, CancellationToken, Task<Measurements>> monitor, ScalingRule rule, params Strategy[] strategies) =>
        Create(rule, strategies).WithMonitor(monitor);

    /// <summary>Analyze and plan, for a monitor that is served elsewhere or added with <c>WithMonitor</c>.</summary>
    /// <param name="rule">Decides.</param>
    /// <param name="strategies">Bend the decision, in this order.</param>
    /// <exception cref="ArgumentException">A strategy cannot stand where it does.</exception>
    public static Algorithm<Measurements, Proposals> Create(ScalingRule rule, params Strategy[] strategies)
    {
        ArgumentNullException.ThrowIfNull(rule);
        var nothing = Algorithm.For<Measurements, Proposals>() with { AnalyzeCodec = Codec.Json<Proposals>(ProposalsJson.Default) };
        return nothing
            .WithAnalyze(ctx => Proposals.Of(rule.Decide(ctx.MonitorResult, RuleContext.Of(ctx)), ctx.Topology))
            .WithPlan(ctx => rule.Decide(ctx.MonitorResult, RuleContext.Of(ctx)))
            .WithName(rule.Name)
            .WithStrategies(strategies);
    }
}
