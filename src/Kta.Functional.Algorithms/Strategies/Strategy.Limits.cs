using static System.FormattableString;

namespace Kta.Functional.Algorithms;

/// <content>Strategies that look at the plan and at what is there, not at the past.</content>
public sealed partial class Strategy
{
    /// <summary>No node gets fewer or more instances than this.</summary>
    /// <param name="min">The least number, at least 1.</param>
    /// <param name="max">The largest number, at least <paramref name="min"/>.</param>
    /// <exception cref="ArgumentException">A bound is out of range.</exception>
    public static Strategy Bounds(int min, int max)
    {
        new OptionChecks("Bounds")
            .Check(min >= 1, "min", min, "at least 1, KTA cannot scale to zero")
            .Check(max >= min && max < int.MaxValue, "max", max, Invariant($"at least min, which is {min}, and less than {int.MaxValue}"))
            .Throw();
        return Each("Bounds", HistoryNeeded.None, needsCurrent: false, (_, _) => (_, count, _) =>
            count > max ? new(max, (plan, node) => plan.Because(node, $"Bounds: {max} instead of {count}, at most {max}"))
            : count < min ? new(min, (plan, node) => plan.Because(node, $"Bounds: {min} instead of {count}, at least {min}"))
            : new(count));
    }

    /// <summary>No node grows or shrinks by more than these fractions of what it has at once.</summary>
    /// <param name="up">1 lets a node double at most. More than 0.</param>
    /// <param name="down">0.6 lets a node lose 60 % at most. More than 0, at most 1.</param>
    /// <remarks>Rounded up, so that a node can always grow by one, and one that has 1 keeps it. The source is the Flink operator's
    /// <c>scale-up.max-factor</c> and <c>scale-down.max-factor</c>.</remarks>
    /// <exception cref="ArgumentException">A fraction is out of range.</exception>
    public static Strategy MaxChange(double up = double.MaxValue, double down = 1)
    {
        new OptionChecks("MaxChange")
            .Check(up > 0, "up", up, "more than 0")
            .Check(down is > 0 and <= 1, "down", down, "more than 0, at most 1")
            .Throw();
        return Each("MaxChange", new(1), needsCurrent: true, (_, _) => (_, count, current) =>
        {
            if (current is not { } now)
            {
                return new(count);
            }

            var most = Whole(now * (1 + up));
            var least = Math.Min(now, Whole(now * (1 - down)));
            return count > most ? new(most, (plan, node) => plan.Because(node, $"MaxChange: {most} instead of {count}, {now} may grow by {up:P0}"))
                : count < least ? new(least, (plan, node) => plan.Because(node, $"MaxChange: {least} instead of {count}, {now} may shrink by {down:P0}"))
                : new(count);
        });
    }

    /// <summary>A fraction more than what was proposed, rounded up.</summary>
    /// <param name="fraction">0.2 for 20 % more; 0 to 10.</param>
    /// <exception cref="ArgumentException">The fraction is out of range.</exception>
    public static Strategy OverProvision(double fraction)
    {
        new OptionChecks("OverProvision").InRange(fraction, 0, 10, "fraction").Throw();
        return Each("OverProvision", HistoryNeeded.None, needsCurrent: false, (_, _) => (_, count, _) =>
            Whole(count * (1 + fraction)) is var more && more == count
                ? new(count)
                : new(more, (plan, node) => plan.Because(node, $"OverProvision: {more} instead of {count}, {fraction:P0} more")));
    }

    /// <summary>Small changes are not worth a restart: a node that would change by no more keeps what it has.</summary>
    /// <param name="decreases">Decreases of up to so many instances are dropped; at least 0, default 1.</param>
    /// <param name="increases">Increases of up to so many instances are dropped; at least 0, default 0: every increase counts.</param>
    /// <exception cref="ArgumentException">A number is out of range.</exception>
    public static Strategy MinorChanges(int decreases = 1, int increases = 0)
    {
        new OptionChecks("MinorChanges")
            .Check(decreases >= 0, "decreases", decreases, "at least 0")
            .Check(increases >= 0, "increases", increases, "at least 0")
            .Throw();
        return Each("MinorChanges", new(1), needsCurrent: true, (_, _) => (_, count, current) =>
            current is { } now && count != now && (count < now ? now - count <= decreases : count - now <= increases)
                ? new(now, (plan, node) => plan.Because(node, $"MinorChanges: kept {now}, {count} is not worth a change (decreases up to {decreases}, increases up to {increases})"))
                : new(count));
    }

    /// <summary>
    /// The nodes together get no more than a budget: what exceeds it is taken from all alike, in proportion to what they have beyond 1.
    /// </summary>
    /// <param name="limit">The budget in instances, or in the unit of <paramref name="costOf"/>; more than 0.</param>
    /// <param name="costOf">What one instance of a node costs, more than 0; null: 1.</param>
    /// <remarks>Each node keeps at least 1. If even that costs more than the budget, the plan is all ones, and the reason says so.</remarks>
    /// <exception cref="ArgumentException">The budget is out of range.</exception>
    public static Strategy Budget(double limit, Func<TopologyNode, double>? costOf = null)
    {
        new OptionChecks("Budget").Check(limit > 0 && double.IsFinite(limit), "limit", limit, "more than 0, and finite").Throw();
        return Each("Budget", HistoryNeeded.None, needsCurrent: false, (proposed, context) =>
        {
            var costs = context.Topology.ToDictionary(node => node, node => costOf?.Invoke(node) ?? 1);
            double Cost(double share) => costs.Sum(cost => Shrunk(proposed[cost.Key], share) * cost.Value);
            var (wanted, share) = (Cost(1), 1.0);
            if (wanted > limit)
            {
                // Half, and half of the half: down to where shares are no longer told apart.
                share = 0;
                for (var step = 0.5; step > 1e-15; step /= 2)
                {
                    share += Cost(share + step) <= limit ? step : 0;
                }
            }

            return (_, count, _) => Shrunk(count, share) is var less && less == count
                ? new(count)
                : new(less, (plan, node) => plan.Because(node, $"Budget: {less} instead of {count}, all together cost {wanted} of {limit}"));
        });
    }

    /// <summary>
    /// One restart pays for all: nothing changes unless a node is far enough away from what it has, and then everything that was proposed
    /// does.
    /// </summary>
    /// <param name="outside">A node counts as far away if it would change by more than this fraction of what it has; 0 to 10, default 0.1.</param>
    /// <exception cref="ArgumentException">The fraction is out of range.</exception>
    public static Strategy CoupledRescale(double outside = 0.1)
    {
        new OptionChecks("CoupledRescale").InRange(outside, 0, 10, "outside").Throw();
        return Each("CoupledRescale", new(1), needsCurrent: true, (proposed, context) =>
        {
            var acts = context.Topology.Any(node =>
                context.CurrentOf(node) is not { } current || Math.Abs((double)proposed[node] - current) > outside * current);
            return (_, count, current) => acts || current is not { } now || count == now
                ? new(count)
                : new(now, (plan, node) => plan.Because(node, $"CoupledRescale: kept {now} instead of {count}, no node is more than {outside:P0} away"));
        });
    }

    private static int Shrunk(int count, double share) =>
        (int)Math.Min(count, 1 + Math.Round(share * (count - 1.0), MidpointRounding.AwayFromZero));

    /// <summary>Rounded up; what division leaves above a whole number does not make an instance.</summary>
    private static int Whole(double count) => count < int.MaxValue ? (int)Math.Max(1, Math.Ceiling(count - 1e-9)) : int.MaxValue - 1;
}
