namespace Kta.Functional.Algorithms;

/// <content>Preparations and strategies by their names.</content>
public static partial class Autoscaler
{
    private static Preparation[] PreparationsOf(NamedSettings given) =>
    [
        .. Of(given.Time("prepare.smooth"), Preparation.Smooth),
        .. Of(given.Time("prepare.warmUp"), Preparation.WarmUp),
        .. Of(given.Time("prepare.catchUp"), Preparation.CatchUp),
    ];

    /// <summary>In the order they belong: what changes the proposal, what looks back, what limits, what holds back, what changes nothing.</summary>
    private static Strategy[] StrategiesOf(NamedSettings given)
    {
        var strategies = new List<Strategy>();
        strategies.AddRange(Of(given.Number("overProvision"), Strategy.OverProvision));
        strategies.AddRange(Of(given.Whole("activation"), evaluations => Strategy.Activation(evaluations)));
        if ((given.Time("stabilize"), given.Time("stabilize.up")) is var (down, up) && (down ?? up) is not null)
        {
            strategies.Add(Strategy.Stabilize(down ?? TimeSpan.Zero, up ?? TimeSpan.Zero));
        }

        strategies.AddRange(Of(given.Time("delayScaleDown"), Strategy.DelayScaleDown));
        if ((given.Whole("minorChanges"), given.Whole("minorChanges.up")) is var (decreases, increases) && (decreases ?? increases) is not null)
        {
            strategies.Add(Strategy.MinorChanges(decreases ?? 0, increases ?? 0));
        }

        strategies.AddRange(Of(given.Number("coupledRescale"), Strategy.CoupledRescale));
        if ((given.Number("maxChange.up"), given.Number("maxChange.down")) is var (factor, share) && (factor ?? share) is not null)
        {
            strategies.Add(Strategy.MaxChange(factor ?? double.MaxValue, share ?? 1));
        }

        if ((LimitOf(given, "rateLimit.up"), LimitOf(given, "rateLimit.down")) is var (added, removed) && (added ?? removed) is not null)
        {
            strategies.Add(Strategy.RateLimit(added, removed));
        }

        strategies.AddRange(Of(given.Number("budget"), limit => Strategy.Budget(limit)));
        const int Most = int.MaxValue - 1;
        if ((given.Whole("min"), given.Whole("max")) is var (min, max) && (min ?? max) is not null)
        {
            strategies.Add(Strategy.Bounds(min ?? 1, max ?? Most));
        }

        strategies.AddRange(Of(given.Time("cooldown"), Strategy.Cooldown));
        if ((given.Time("cooldown.up"), given.Time("cooldown.down")) is var (wait, longer) && (wait ?? longer) is not null)
        {
            strategies.Add(Strategy.Cooldown(wait ?? TimeSpan.Zero, longer ?? TimeSpan.Zero));
        }

        given.Need("fallback.after", "fallback.parallelism", "to how many instances?");
        given.Need("fallback.parallelism", "fallback.after", "after how long?");
        if ((given.Whole("fallback.parallelism"), given.Time("fallback.after")) is ({ } safe, { } after))
        {
            strategies.Add(Strategy.Fallback(after, safe));
        }

        strategies.AddRange(given.Value("shadow") is { } other ? [Strategy.Shadow(RuleOf(other, new NamedSettings([])))] : Array.Empty<Strategy>());
        if (given.Flag("recommendOnly", otherwise: false))
        {
            strategies.Add(Strategy.RecommendOnly());
        }

        return [.. strategies];
    }

    private static HpaPolicy? LimitOf(NamedSettings given, string name) => given.One(name, PolicyText, PolicyOf);

    private static TStage[] Of<TSetting, TStage>(TSetting? setting, Func<TSetting, TStage> stage)
        where TSetting : struct =>
        setting is { } given ? [stage(given)] : [];
}
