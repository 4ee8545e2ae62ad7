namespace Kta.Functional.Simulation;

/// <summary>A change of a schedule.</summary>
internal sealed record PlannedChange(TimeSpan At, Plan Plan);

/// <summary>
/// Dynamic programming over time: a state is the plan, the backlog, and, for the front, the number of changes so far; of two ways into one
/// state the cheaper one is kept, with the backlog it has exactly.
/// </summary>
internal sealed class ScheduleSearch
{
    private const int FinestGrid = 30;
    private const long MostLayers = 12_000;
    private const double LongestBacklogSeconds = 600;

    private readonly Application _application;
    private readonly BalancedPlans _plans;
    private readonly Backlog _backlog;
    private readonly int _counts;
    private readonly int _grid;
    private readonly int _downtime;
    private readonly int _block;
    private readonly double _changePrice;
    private readonly double _hourPrice;
    private readonly double _latePrice;
    private readonly int[][] _cameFrom;
    private readonly double[][] _cost;
    private readonly double[][] _queue;

    /// <param name="application">The application.</param>
    /// <param name="mostChanges">The largest number of changes that is counted; null: each has a price instead.</param>
    internal ScheduleSearch(Application application, int? mostChanges)
    {
        ArgumentNullException.ThrowIfNull(application);
        var seconds = Seconds.Of(application.RunTime);
        _application = application;
        _counts = (mostChanges ?? 0) + 1;
        _grid = (int)(FinestGrid * Math.Max(1, (seconds * _counts) / (FinestGrid * MostLayers)));
        var started = SimulatedApplication.Start(application);
        _plans = new BalancedPlans(application, [.. started.Topology.Select(node => started.Parallelism[node])], _grid);
        _backlog = new Backlog(_plans.Peak / 250, _plans.Peak * LongestBacklogSeconds);
        _downtime = (int)Seconds.Of(application.Downtime);
        _block = Math.Max(1, (_downtime + _grid - 1) / _grid);
        _changePrice = mostChanges is null ? 60.0 / seconds : 0;
        _latePrice = RunFigures.LatePrice / seconds;
        _hourPrice = 1 / IdealInstanceSeconds();
        var states = _counts * _plans.Plans.Length * _backlog.Count;
        _cameFrom = [.. _plans.Rates.Append(0).Select(_ => new int[states])];
        _cost = [.. Enumerable.Range(0, _block + 1).Select(_ => Filled(states))];
        _queue = [.. Enumerable.Range(0, _block + 1).Select(_ => new double[states])];
        _cost[0][State(0, 0, 0)] = 0;
        for (var step = 0; step < _plans.Rates.Length; step++)
        {
            Stay(step);
            Change(step);
            // The place of this step serves another one from now on.
            Array.Fill(CostAt(step), double.PositiveInfinity);
        }
    }

    private int Steps => _plans.Rates.Length;

    internal IReadOnlyList<PlannedChange> Best() => BestWith(0)!;

    /// <summary>The best schedule with so many changes; null if there is none.</summary>
    internal IReadOnlyList<PlannedChange>? BestWith(int changes)
    {
        var (from, count) = (State(changes, 0, 0), _plans.Plans.Length * _backlog.Count);
        var end = CostAt(Steps).AsSpan(from, count);
        var best = 0;
        for (var i = 1; i < count; i++)
        {
            best = end[i] < end[best] ? i : best;
        }

        return double.IsPositiveInfinity(end[best]) ? null : Traced(from + best);
    }

    private List<PlannedChange> Traced(int state)
    {
        var schedule = new List<PlannedChange>();
        for (var step = Steps; step > 0;)
        {
            var before = _cameFrom[step][state];
            if (PlanOf(before) == PlanOf(state))
            {
                step--;
            }
            else
            {
                step -= _block;
                schedule.Add(new(Seconds.Time((long)step * _grid), _plans.Named[PlanOf(state)]));
            }

            state = before;
        }

        schedule.Reverse();
        return schedule;
    }

    private void Stay(int step)
    {
        var (cost, queue) = (CostAt(step), QueueAt(step));
        for (var state = 0; state < cost.Length; state++)
        {
            if (double.IsPositiveInfinity(cost[state]))
            {
                continue;
            }

            var plan = PlanOf(state);
            var (backlog, late) = After(queue[state], step, plan, _plans.Lengths[step]);
            Reach(step + 1, state / (_plans.Plans.Length * _backlog.Count), plan, backlog, state, cost[state] + (late * _latePrice) + Hours(plan, _plans.Lengths[step]));
        }
    }

    /// <summary>From each backlog only the cheapest plan is left: what comes then does not depend on what was before.</summary>
    private void Change(int step)
    {
        if (step == 0 || step + _block > Steps)
        {
            return;
        }

        var cost = CostAt(step);
        for (var changes = 0; changes < _counts; changes++)
        {
            var after = _changePrice > 0 ? changes : changes + 1;
            for (var bucket = 0; bucket < _backlog.Count && after < _counts; bucket++)
            {
                var best = State(changes, 0, bucket);
                for (var plan = 1; plan < _plans.Plans.Length; plan++)
                {
                    var state = State(changes, plan, bucket);
                    best = cost[state] < cost[best] ? state : best;
                }

                if (!double.IsPositiveInfinity(cost[best]))
                {
                    ChangeFrom(best, step, after);
                }
            }
        }
    }

    private void ChangeFrom(int state, int step, int changes)
    {
        var (cost, queue) = (CostAt(step)[state] + _changePrice, QueueAt(step)[state]);
        for (var plan = 0; plan < _plans.Plans.Length; plan++)
        {
            if (plan == PlanOf(state))
            {
                continue;
            }

            var (backlog, lateSeconds, down, seconds) = (queue, 0.0, _downtime, 0);
            for (var k = step; k < step + _block; k++)
            {
                var (rate, length) = (_plans.Rates[k], _plans.Lengths[k]);
                var still = Math.Min(down, length);
                (backlog, var late) = Backlog.After(backlog, rate, _plans.Flow(k, plan).LimitWhenDown(_application.Objective, rate), still);
                (backlog, var lateAgain) = After(backlog, k, plan, length - still);
                (down, lateSeconds, seconds) = (down - still, lateSeconds + late + lateAgain, seconds + length);
            }

            Reach(step + _block, changes, plan, backlog, state, cost + (lateSeconds * _latePrice) + Hours(plan, seconds));
        }
    }

    private (double Backlog, double Late) After(double backlog, int step, int plan, double seconds)
    {
        var (rate, flow) = (_plans.Rates[step], _plans.Flow(step, plan));
        var (left, late) = Backlog.After(backlog, rate - flow.Capacity, flow.Limit(_application.Objective, rate), seconds);
        return (left, flow.IsAlwaysLate(_application.Objective) ? seconds : late);
    }

    private void Reach(int step, int changes, int plan, double backlog, int from, double cost)
    {
        var state = State(changes, plan, _backlog.Bucket(backlog));
        if (cost < CostAt(step)[state])
        {
            CostAt(step)[state] = cost;
            QueueAt(step)[state] = backlog;
            _cameFrom[step][state] = from;
        }
    }

    private double Hours(int plan, int seconds) => _plans.Plans[plan].Sum() * seconds * _hourPrice;

    private double IdealInstanceSeconds()
    {
        var (ideal, second, sum) = (new IdealPlans(_application), 0L, 0L);
        var seconds = Seconds.Of(_application.RunTime);
        ideal.ForEachSecond((_, plan) =>
        {
            sum += second % 60 == 0 ? plan.Sum() * Math.Min(60, seconds - second) : 0;
            second++;
        });
        return sum;
    }

    private int State(int changes, int plan, int bucket) => (((changes * _plans.Plans.Length) + plan) * _backlog.Count) + bucket;

    private int PlanOf(int state) => state / _backlog.Count % _plans.Plans.Length;

    private double[] CostAt(int step) => _cost[step % _cost.Length];

    private double[] QueueAt(int step) => _queue[step % _queue.Length];

    private static double[] Filled(int count)
    {
        var costs = new double[count];
        Array.Fill(costs, double.PositiveInfinity);
        return costs;
    }
}
