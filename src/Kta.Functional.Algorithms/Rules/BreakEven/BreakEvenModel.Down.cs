namespace Kta.Functional.Algorithms;

/// <content>Decreases: when the waste has paid for the change.</content>
internal sealed partial class BreakEvenModel
{
    private BreakEvenResult Down(BreakEvenJob job)
    {
        var floor = job.Demand * (1 + job.Headroom);
        if (floor >= job.Capacity)
        {
            return Stay("fits", job);
        }

        if (_input.Count < 3)
        {
            return Stay("too little history", job);
        }

        Level? best = null;
        var top = Math.Max(job.Capacity * 0.97, floor);
        for (var q = 0; q < _options.Levels; q++)
        {
            var plan = LowerTo(floor * Math.Pow(top / floor, q / (_options.Levels - 1.0)));
            if (Sum(plan) < _sizes.Total && Judge(plan, job) is var level && (best is null || level.Gain > best.Value.Gain + 1e-12))
            {
                best = level;
            }
        }

        if (best is not { } chosen)
        {
            return Stay("fits", job);
        }

        job = job with { Target = chosen.Capacity, Save = chosen.Save, LifeMinutes = chosen.LifeMinutes, Need = chosen.Need };
        if (chosen.Gain < 0)
        {
            return Stay("not yet paid for", job);
        }

        // While the load falls the age test lags behind: go to the largest load of late.
        var recent = Math.Max(RecentMaximum() * (1 + job.Spare), floor);
        var lower = LowerTo(recent);
        return Sum(lower) < Sum(chosen.Plan)
            ? Answer(lower, "break-even", job with { Target = recent })
            : Answer(chosen.Plan, "break-even", job);
    }

    private Level Judge(int[] plan, BreakEvenJob job)
    {
        var since = _input.Now - _input.Times[_sizes.SameCount - 1]
                    + (2 * _options.IntervalSeconds) + _options.DowntimeSeconds + _options.WarmUpSeconds;
        var (save, capacity) = (1 - ((double)Sum(plan) / _sizes.Total), _sizes.Capacity(plan));
        var age = Numbers.AgeBelow(_arrivals.Times, _arrivals.Sums, capacity / (1 + job.Spare));
        age = age > 0 ? Math.Min(age + (_options.IntervalSeconds / 2), since) : 0;
        // It will last as long as it has lasted.
        var (life, need) = (age / 60, ChangePrice(job.LagSeconds, Math.Max(1.02, capacity / job.Demand)));
        return new(plan, (save * life) - need, save, life, need, capacity);
    }

    private int[] LowerTo(double rate)
    {
        var plan = _sizes.PlanFor(rate);
        for (var i = 0; i < plan.Length; i++)
        {
            plan[i] = Math.Min(plan[i], _sizes.Current[i]);
        }

        return plan;
    }

    private double RecentMaximum()
    {
        var most = 0.0;
        for (var k = _arrivals.Times.Length - 1; k >= 0 && _arrivals.Times[k] >= _input.Now - _options.RecentSeconds; k--)
        {
            most = Math.Max(most, _arrivals.Sums[k]);
        }

        return most;
    }

    private readonly record struct Level(int[] Plan, double Gain, double Save, double LifeMinutes, double Need, double Capacity);
}
