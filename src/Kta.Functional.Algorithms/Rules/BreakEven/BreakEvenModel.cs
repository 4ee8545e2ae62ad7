namespace Kta.Functional.Algorithms;

/// <summary>One decision of the rule.</summary>
internal sealed partial class BreakEvenModel
{
    internal const string NoArrivals = "no arrival rate";

    private readonly BreakEvenInput _input;
    private readonly BreakEvenOptions _options;
    private readonly BreakEvenSizes _sizes;
    private readonly BreakEvenArrivals _arrivals;

    private BreakEvenModel(BreakEvenInput input, BreakEvenOptions options)
    {
        (_input, _options) = (input, options);
        _sizes = new(input, options);
        _arrivals = new(input);
    }

    /// <summary>Decides.</summary>
    /// <param name="input">What was measured.</param>
    /// <param name="options">The settings.</param>
    /// <param name="names">What the nodes are called, by position.</param>
    /// <exception cref="ArgumentException">The present parallelism of a node is not known.</exception>
    internal static BreakEvenResult Decide(BreakEvenInput input, BreakEvenOptions options, IReadOnlyList<object> names)
    {
        for (var i = 0; i < input.Nodes; i++)
        {
            if (Quantity.Parallelism.Possible(input.At(0, i).Parallelism) is null)
            {
                throw new ArgumentException($"Break-even needs the present parallelism of {names[i]}: a whole number, at least 1.", nameof(input));
            }
        }

        return new BreakEvenModel(input, options).Decide();
    }

    /// <summary>The price of a change that starts with some seconds of backlog and ends with so many times the demand as capacity.</summary>
    private double ChangePrice(double lag, double capacityRatio)
    {
        var late = Math.Max(0, lag + _options.DowntimeSeconds - _options.SloSeconds) / 60;
        return _options.RescalePrice
               + (_options.LatePrice * (Math.Min(_options.DowntimeSeconds / 60, late) + (late / Math.Max(capacityRatio - 1, 0.02))));
    }

    private BreakEvenResult Decide()
    {
        if (!_arrivals.IsKnownNow)
        {
            return Stay(NoArrivals, new());
        }

        _sizes.Spread(_arrivals.ShareOf);
        if (!_sizes.HasAny)
        {
            return Stay("nothing measurable", new());
        }

        var (arriving, sums) = (_arrivals.Sums[^1], _arrivals.Sums);
        var capacity = _sizes.Capacity(_sizes.Current);
        var (lag, hasLag) = Lag();
        var late = lag > _options.SloSeconds / 2;
        if (late && ConsumedWhileLagGrew() is { } consumed)
        {
            capacity = Numbers.Smaller(capacity, Numbers.Larger(1e-9, consumed));
        }

        Span<double> last = stackalloc double[3];
        last = last[..Math.Min(3, sums.Length)];
        sums.AsSpan(sums.Length - last.Length).CopyTo(last);
        var level = Numbers.Median(last);
        var demand = Math.Max(Math.Max(level, late || (!hasLag && arriving > capacity) ? arriving : 0), 1e-9);
        var spare = Math.Min(_options.MaxSpare, Math.Max(_options.Spare, _options.NoiseFactor * Numbers.Noise(sums, level)));
        var restart = Math.Max(0, _options.DowntimeSeconds - _options.SloSeconds) / 60;
        var headroom = Math.Max(spare, Math.Sqrt(_options.LatePrice * restart / _options.PlanLife));
        var job = new BreakEvenJob
        {
            Demand = demand,
            Capacity = capacity,
            LagSeconds = lag,
            Spare = spare,
            Headroom = headroom,
            Price = ChangePrice(0, 1 + headroom),
        };
        var growth = Math.Min(_options.MaxGrowthHeadroom, Math.Sqrt(2 * job.Price * _options.Growth));
        var target = demand * (1 + Math.Max(spare, growth));
        return ((late || !hasLag) && arriving > capacity) ? Up("overload", job with { Target = target, Growth = growth })
            : IsBacklogDearer(job, target) ? Up("backlog", job with { Target = target, Growth = growth })
            : late ? Stay("backlog shrinks", job)
            : Down(job);
    }

    /// <summary>The lag of the worst source in seconds of its input, at most an hour.</summary>
    private (double Seconds, bool IsKnown) Lag()
    {
        var (lag, isKnown) = (0.0, false);
        for (var s = 0; s < _arrivals.Sources.Length; s++)
        {
            if (_input.At(0, _arrivals.Sources[s]).Lag is var records && Numbers.Is(records))
            {
                isKnown = true;
                lag = Math.Max(lag, Math.Max(0, records) / Math.Max(_arrivals.NowAt(s), 1));
            }
        }

        return (Math.Min(lag, 3600), isKnown);
    }

    /// <summary>What was consumed while the lag grew is all that the plan can do; null if the lag did not grow, or nobody knows.</summary>
    private double? ConsumedWhileLagGrew()
    {
        if (_sizes.SameCount < 2)
        {
            return null;
        }

        var (before, now, consumed) = (0.0, 0.0, 0.0);
        foreach (var source in _arrivals.Sources)
        {
            ref readonly var sample = ref _input.At(0, source);
            var lagBefore = _input.At(1, source).Lag;
            if (!Numbers.Is(lagBefore) || !Numbers.Is(sample.Lag) || !Numbers.Is(sample.RecordsIn))
            {
                return null;
            }

            (before, now, consumed) = (before + lagBefore, now + sample.Lag, consumed + sample.RecordsIn);
        }

        return now > before ? consumed : null;
    }

    /// <summary>Whether a backlog drains so slowly that a change is cheaper.</summary>
    private bool IsBacklogDearer(BreakEvenJob job, double target)
    {
        if (!(job.LagSeconds > _options.SloSeconds))
        {
            return false;
        }

        var wait = _options.LatePrice * (job.LagSeconds - _options.SloSeconds) / 60 / Math.Max((job.Capacity / job.Demand) - 1, 0.01);
        var change = ChangePrice(job.LagSeconds, Math.Max(target / job.Demand, 1.05));
        return wait > change + (Math.Max(0, (target / job.Capacity) - 1) * _options.PlanLife);
    }

    private BreakEvenResult Up(string why, BreakEvenJob job)
    {
        // A node at its maximum limits what the others need.
        var plan = _sizes.PlanFor(Numbers.Smaller(job.Target, _sizes.Capacity(_sizes.PlanFor(job.Target))));
        for (var i = 0; i < plan.Length; i++)
        {
            plan[i] = Math.Max(plan[i], _sizes.Current[i]);
        }

        return _sizes.Capacity(plan) < 1.02 * _sizes.Capacity(_sizes.Current)
            ? Stay(why + ", nothing to add", job)
            : Answer(plan, why, job);
    }

    private BreakEvenResult Stay(string reason, BreakEvenJob job) => Answer(_sizes.Current, reason, job);

    private BreakEvenResult Answer(int[] plan, string reason, BreakEvenJob job)
    {
        var nodes = new BreakEvenNode[plan.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            var demand = !double.IsNaN(job.Demand) && _sizes.IsUsed(i) ? _sizes.DemandOf(i, job.Demand) : double.NaN;
            nodes[i] = new(
                _sizes.Current[i],
                plan[i],
                _sizes.Rate[i] / _sizes.Current[i],
                demand,
                double.IsNaN(demand) ? demand : _sizes.Instances(i, demand),
                double.IsNaN(demand) || double.IsNaN(job.Target) ? double.NaN : _sizes.Instances(i, _sizes.DemandOf(i, job.Target)));
        }

        var more = Sum(plan) - _sizes.Total;
        var action = plan.AsSpan().SequenceEqual(_sizes.Current) ? "stay" : more > 0 ? "up" : more < 0 ? "down" : "shift";
        return new(action, reason, job, nodes);
    }

    private static long Sum(int[] plan)
    {
        var sum = 0L;
        foreach (var count in plan)
        {
            sum += count;
        }

        return sum;
    }
}
