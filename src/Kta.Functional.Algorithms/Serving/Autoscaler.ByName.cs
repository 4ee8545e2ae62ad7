namespace Kta.Functional.Algorithms;

/// <content>Algorithms by the names of their rules.</content>
public static partial class Autoscaler
{
    /// <summary>Analyze and plan with a rule by its name, for a program that is told by its configuration what to serve.</summary>
    /// <param name="name"><c>ds2</c>, <c>hpa</c>, or <c>break-even</c>, in any case.</param>
    /// <param name="settings">
    /// The rule's settings by the names of its page, in any case, and <c>cooldown</c>, <c>stabilize</c>, <c>min</c>, <c>max</c> and
    /// <c>recommendOnly</c> for the strategies most policies want. Times are <c>90s</c>, <c>5m</c>, <c>1h</c> or <c>00:05:00</c>. A section of a configuration
    /// gives them as <c>section.AsEnumerable(makePathsRelative: true)</c>. Null for none.
    /// </param>
    /// <exception cref="ArgumentException">There is no such rule or setting (the message lists those there are), or a value is not valid.</exception>
    /// <example><code>Autoscaler.ByName("ds2", [new("catchUp", "5m"), new("cooldown", "2m")]).WithMonitor(ctx => …)</code></example>
    public static Algorithm<Measurements, Proposals> ByName(string name, IEnumerable<KeyValuePair<string, string?>>? settings = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        var given = new NamedSettings(settings ?? []);
        var rule = name.ToUpperInvariant() switch
        {
            "DS2" => Ds2.Rule(Ds2Of(given)),
            "HPA" => Hpa.Rule(HpaOf(given)),
            "BREAK-EVEN" => BreakEven.Rule(BreakEvenOf(given)),
            _ => throw new ArgumentException($"There is no rule '{name}'. There are: ds2, hpa, break-even.", nameof(name)),
        };
        var strategies = StrategiesOf(given);
        given.ThrowIfUnknown(rule.Name);
        return Create(rule, strategies);
    }
}
