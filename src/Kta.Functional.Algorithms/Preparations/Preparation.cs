namespace Kta.Functional.Algorithms;

/// <summary>Makes of measurements what a rule decides on: <see cref="ScalingRule.Prepared"/> puts it before a rule.</summary>
/// <remarks>Immutable, and a pure function. Rules that look at the past see earlier measurements prepared as well.</remarks>
/// <example><code>Ds2.Rule().Prepared(Preparation.Smooth(TimeSpan.FromMinutes(1)), Preparation.WarmUp(TimeSpan.FromSeconds(60)))</code></example>
public sealed partial class Preparation
{
    private readonly Func<Measurements, RuleContext, PreparedMeasurements> _prepare;

    private Preparation(string name, HistoryNeeded historyNeeded, Func<Measurements, RuleContext, PreparedMeasurements> prepare) =>
        (Name, HistoryNeeded, _prepare) = (name, historyNeeded, prepare);

    /// <summary>The name, for reasons and logs.</summary>
    public string Name { get; }

    /// <summary>How much history it looks at.</summary>
    public HistoryNeeded HistoryNeeded { get; }

    /// <summary>Whether it sizes sources for their backlog, which must not happen twice.</summary>
    internal bool CatchesUp { get; private init; }

    /// <summary>A preparation of your own.</summary>
    /// <param name="name">Its name, for reasons and logs.</param>
    /// <param name="prepare">A pure function: the same measurements for the same measurements, time and history.</param>
    /// <param name="historyNeeded">How much history it looks at; it sees no more. Default: all there is.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="StatefulUdfException">The function writes to something that outlives its calls.</exception>
    public static Preparation Of(string name, Func<Measurements, RuleContext, Measurements> prepare, HistoryNeeded historyNeeded = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(prepare);
        var guarded = new GuardedFunction<Measurements, RuleContext, Measurements>(prepare, $"preparation {name}");
        return new(name, historyNeeded, (now, context) => new(
            guarded.Invoke(now, context.Within(historyNeeded)) ?? throw new UdfResultException($"The preparation {name} answered null. It has to answer measurements.")));
    }

    /// <summary>Prepares measurements, as a test would.</summary>
    /// <param name="now">The measurements.</param>
    /// <param name="context">The nodes, the time, and the past.</param>
    public Measurements Prepare(Measurements now, RuleContext context) => Run(now, context).Measurements;

    /// <summary>The name.</summary>
    public override string ToString() => Name;

    internal PreparedMeasurements Run(Measurements now, RuleContext context)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(context);
        return _prepare(now, context);
    }
}

/// <summary>Measurements as a rule gets them.</summary>
/// <param name="Measurements">The measurements.</param>
/// <param name="Explain">Says what was made of them; null if nothing was.</param>
/// <param name="Unknown">What is not known of the past, so that nothing may go down; null if everything is.</param>
internal readonly record struct PreparedMeasurements(Measurements Measurements, Func<Plan, Plan>? Explain = null, string? Unknown = null);
