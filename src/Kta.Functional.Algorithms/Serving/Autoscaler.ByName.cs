namespace Kta.Functional.Algorithms;

/// <content>Algorithms by the names of their rules.</content>
public static partial class Autoscaler
{
    private static readonly (string Name, Func<NamedSettings, ScalingRule> Rule)[] s_named =
    [
        ("ds2", given => Ds2.Rule(Ds2Of(given))),
        ("flink", given => FlinkAutoscaler.Rule(FlinkOf(given))),
        ("hpa", given => Hpa.Rule(HpaOf(given))),
        ("kafka-lag", given => KafkaLag.Rule(KafkaLagOf(given))),
        ("dhalion", given => Dhalion.Rule(DhalionOf(given))),
        ("varga", given => Varga.Rule(VargaOf(given))),
        ("break-even", given => BreakEven.Rule(BreakEvenOf(given))),
        ("pid", given => Pid.Rule(PidOf(given))),
        ("mmc", given => Mmc.Rule(MmcOf(given))),
        ("conttune", given => ContTune.Rule(ContTuneOf(given))),
        ("cpu-thresholds", given => CpuThresholds.Rule(CpuThresholdsOf(given))),
    ];

    /// <summary>The names that <see cref="ByName"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_named.Select(named => named.Name)];

    /// <summary>Analyze and plan with a rule by its name, for a program that is told by its configuration what to serve.</summary>
    /// <param name="name">One of <see cref="Names"/>, in any case.</param>
    /// <param name="settings">
    /// The rule's settings by the names of its page, in any case; and for preparations and strategies those of the page "Strategies". Times
    /// are seconds, or <c>90s</c>, <c>5min</c>, <c>1h</c>, <c>00:05:00</c>. A section of a configuration gives them as
    /// <c>section.AsEnumerable(makePathsRelative: true)</c>. Null for none; of
    /// several with one name the last counts.
    /// </param>
    /// <exception cref="ArgumentException">There is no such rule or setting (the message lists those there are), or values are not valid: every
    /// one that cannot be read is named.</exception>
    /// <example><code>Autoscaler.ByName("ds2", [new("catchUp", "5min"), new("cooldown", "2min")]).WithMonitor(ctx => …)</code></example>
    public static Algorithm<Measurements, Proposals> ByName(string name, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        var (rule, strategies, _) = Named(name, settings);
        return Create(rule, strategies);
    }

    /// <summary>Every setting that <see cref="ByName"/> knows for a rule, with what it is: for reports, and for programs that offer settings.</summary>
    /// <param name="name">One of <see cref="Names"/>, in any case.</param>
    /// <param name="settings">What is given, as for <see cref="ByName"/>; null for nothing.</param>
    /// <returns>The rule's own settings, then those of preparations and strategies. The value is what is given, otherwise the default,
    /// written so that it could be given; null where the setting is off.</returns>
    /// <exception cref="ArgumentException">As for <see cref="ByName"/>.</exception>
    public static IReadOnlyList<KeyValuePair<string, string?>> SettingsOf(string name, IEnumerable<KeyValuePair<string, string?>>? settings = null) =>
        Named(name, settings).Settings;

    private static (ScalingRule Rule, Strategy[] Strategies, IReadOnlyList<KeyValuePair<string, string?>> Settings) Named(
        string name, IEnumerable<KeyValuePair<string, string?>>? settings)
    {
        ArgumentNullException.ThrowIfNull(name);
        var given = new NamedSettings(settings ?? []);
        var rule = RuleOf(name, given).Prepared(PreparationsOf(given));
        var strategies = StrategiesOf(given);
        given.ThrowIfWrong(rule.Name);
        return (rule, strategies, given.Known);
    }

    private static ScalingRule RuleOf(string name, NamedSettings given) =>
        Array.Find(s_named, named => string.Equals(named.Name, name, StringComparison.OrdinalIgnoreCase)).Rule is { } make
            ? make(given)
            : throw new ArgumentException($"There is no rule '{name}'. There are: {string.Join(", ", Names)}.", nameof(name));
}
