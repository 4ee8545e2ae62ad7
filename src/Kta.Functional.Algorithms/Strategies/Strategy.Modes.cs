using static System.FormattableString;

namespace Kta.Functional.Algorithms;

/// <content>Strategies that say when others count, or what happens instead.</content>
public sealed partial class Strategy
{
    /// <summary>A strategy that counts only in a part of the day.</summary>
    /// <param name="window">The part of the day.</param>
    /// <param name="strategy">What counts then; outside of it the proposal stays.</param>
    /// <example><code>Strategy.During(new DailyWindow(new(8, 0), new(18, 0), "Europe/Berlin"), Strategy.Bounds(4, 32))</code></example>
    public static Strategy During(DailyWindow window, Strategy strategy)
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(strategy);
        return new(
            $"During({window}, {strategy})",
            strategy.HistoryNeeded,
            (proposed, context) => window.Contains(context.StartedAt) ? strategy.Apply(proposed, context) : proposed)
        {
            NeedsMeasurements = strategy.NeedsMeasurements,
            IsOutermost = strategy.IsOutermost,
        };
    }

    /// <summary>A number for nodes whose measurements have been missing for a time. Never less than what is there.</summary>
    /// <param name="after">How long they have to be missing; at least 0.</param>
    /// <param name="parallelism">The number of instances, at least 1.</param>
    /// <param name="mayGoDown">True: the number counts even if it is less than what is there.</param>
    /// <remarks>Missing is what <see cref="Plan.LacksData"/> says; every rule of this package marks such nodes. Until the time has passed the proposal
    /// stays, which is what is there. Where earlier proposals cannot be computed again, how long is not known, and nothing happens.</remarks>
    /// <exception cref="ArgumentException">The time or the number is out of range.</exception>
    public static Strategy Fallback(TimeSpan after, int parallelism, bool mayGoDown = false)
    {
        new OptionChecks("Fallback")
            .NotNegative(after, "after")
            .Check(parallelism is >= 1 and < int.MaxValue, "parallelism", parallelism, Invariant($"from 1 to {int.MaxValue - 1}"))
            .Throw();
        return Each("Fallback", new(1, after), needsCurrent: true, (proposal, context) => (node, count, current) =>
        {
            if (!proposal.LacksData(node))
            {
                return new(count);
            }

            var missing = TimeSpan.Zero;
            for (var i = 0; missing < after && context.At(i) is { Proposed: { } proposed } past && proposed.LacksData(node); i++)
            {
                missing = context.AgeOf(past);
            }

            if (missing < after)
            {
                return new(count, (plan, at) => plan.Because(at, $"Fallback: not yet, measurements are missing for {missing.TotalSeconds:0} s, wait {after.TotalSeconds} s"));
            }

            var fallback = mayGoDown ? parallelism : Math.Max(parallelism, Math.Max(count, current ?? 1));
            return new(fallback, (plan, at) => plan.Because(at, $"Fallback: {fallback}, measurements are missing for {missing.TotalSeconds:0} s"));
        });
    }

    /// <summary>Changes nothing, and says what another rule would have said, to try one out beside one that is trusted.</summary>
    /// <param name="rule">The other rule. The monitor has to answer <see cref="Measurements"/>.</param>
    public static Strategy Shadow(ScalingRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        return new(Invariant($"Shadow({rule})"), rule.HistoryNeeded, (proposed, context) =>
        {
            if (ReasonsOff.InThisThread || context.Measured is not var (now, past))
            {
                return proposed;
            }

            try
            {
                var other = rule.DecideWithoutReasons(now, past);
                return context.Topology.Aggregate(proposed, (plan, node) => other.LacksData(node)
                    ? plan.Because(node, $"Shadow: {rule.Name} lacks measurements")
                    : ShadowReason.Say(plan, node, rule.Name, other[node]));
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                return context.Topology.Aggregate(proposed, (plan, node) => plan.Because(node, $"Shadow: {rule.Name} fails: {error.Message}"));
            }
        })
        {
            NeedsMeasurements = true,
        };
    }

    /// <summary>
    /// Keeps what is there and says what would have been done, to watch an algorithm before it may act. Has the last word.
    /// </summary>
    /// <remarks>What is there is what the operator applied last, without a history what was measured. If neither is known there is no plan but
    /// an error: a guess could scale.</remarks>
    public static Strategy RecommendOnly() =>
        new("RecommendOnly", new(1), (proposed, context) =>
            context.Topology.FirstOrDefault(node => context.CurrentOf(node) is null) is { } unknown
                ? throw new MissingMeasurementException(unknown, Quantity.Parallelism)
                : Each(proposed, context, needsCurrent: true, (_, count, current) => count == current!.Value
                    ? new(count)
                    : new(current.Value, (plan, at) => plan.Because(at, $"RecommendOnly: kept {current.Value}, {count} is recommended"))))
        {
            IsOutermost = true,
        };
}

/// <summary>A part of every day, by the clocks of a place.</summary>
public sealed record DailyWindow
{
    private readonly TimeZoneInfo _zone;

    /// <summary>A part of every day.</summary>
    /// <param name="from">When it begins.</param>
    /// <param name="to">When it ends, exclusive; before <paramref name="from"/>: on the next day. Equal: the whole day.</param>
    /// <param name="timeZone">The time zone by its IANA name, for example <c>Europe/Berlin</c> or <c>UTC</c>. Summer time is kept.</param>
    /// <exception cref="ArgumentException">There is no such time zone on this machine.</exception>
    public DailyWindow(TimeOnly from, TimeOnly to, string timeZone)
    {
        ArgumentException.ThrowIfNullOrEmpty(timeZone);
        (From, To, TimeZone) = (from, to, timeZone);
        _zone = TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var zone)
            ? zone
            : throw new ArgumentException(
                $"There is no time zone '{timeZone}' on this machine. Use an IANA name such as Europe/Berlin; small container images may need the package tzdata.",
                nameof(timeZone));
    }

    /// <summary>When it begins.</summary>
    public TimeOnly From { get; }

    /// <summary>When it ends, exclusive.</summary>
    public TimeOnly To { get; }

    /// <summary>The time zone by its IANA name.</summary>
    public string TimeZone { get; }

    /// <summary>Whether a time is in it.</summary>
    /// <param name="time">The time.</param>
    public bool Contains(DateTimeOffset time) =>
        From == To || TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, _zone).DateTime).IsBetween(From, To);

    /// <summary>The part of the day for reasons: <c>08:00-18:00 Europe/Berlin</c>.</summary>
    public override string ToString() => Invariant($"{From:HH:mm}-{To:HH:mm} {TimeZone}");
}
