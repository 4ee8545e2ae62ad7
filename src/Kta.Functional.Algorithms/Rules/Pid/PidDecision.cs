namespace Kta.Functional.Algorithms;

/// <summary>One decision of the controllers of all nodes.</summary>
internal sealed class PidDecision
{
    private const int Errors = 3;

    /// <summary>What IEEE arithmetic leaves below a half does not cost an instance.</summary>
    private const double Artefact = 1e-9;

    private readonly RuleContext _context;
    private readonly PidOptions _options;
    private readonly Measurements _now;
    private readonly Graph? _graph;
    private readonly List<double[]> _past;

    internal PidDecision(Measurements now, RuleContext context, PidOptions options, int lookBack)
    {
        (_now, _context, _options) = (now, context, options);
        _graph = options.Signal == PidSignal.Lag ? Graph.Of(context.Topology, now) : null;
        _past = [.. SinceTheChange(context.History, lookBack).Select(past => Signals(past.Measurements))];
    }

    internal Plan Plan()
    {
        var signals = Signals(_now);
        var current = _context.CurrentOfAll(_now);
        var moves = current.Select((count, i) => Decide(i, count, ErrorsOf(i, signals[i]))).ToArray();
        var plan = ByPosition.Plan(_context.Topology, [.. moves.Select(move => move.Chosen)]);
        for (var i = 0; i < moves.Length; i++)
        {
            plan = Explained(plan, _context.Topology[i], signals[i], current[i], moves[i]);
        }

        return plan;
    }

    /// <summary>What was measured under the present plan: another plan had other errors, and the step between them is no move of the load.</summary>
    private static IEnumerable<PastIteration> SinceTheChange(PastIterations history, int lookBack)
    {
        for (var k = 0; k < lookBack && history.At(k) is { } past && history.HasChangedAt(k) is false; k++)
        {
            yield return past;
        }
    }

    /// <summary>The share by which the instances change, from the errors, newest first. What is not known does not move it.</summary>
    private double Change(List<double> errors)
    {
        var minutes = _options.IntervalSeconds / 60;
        var change = _options.Ki * minutes * errors[0];
        change += errors.Count > 1 ? _options.Kp * (errors[0] - errors[1]) : 0;
        return change + (errors.Count > 2 ? _options.Kd * (errors[0] - (2 * errors[1]) + errors[2]) / minutes : 0);
    }

    private Move Decide(int i, int current, List<double> errors)
    {
        if (errors.Count == 0)
        {
            return new(current, current, errors);
        }

        if (Math.Abs(errors[0]) < _options.DeadBand)
        {
            return new(current, current, errors) { IsQuiet = true };
        }

        var unrounded = current * (1 + Change(errors));
        var rounded = (int)Math.Clamp(Math.Floor(unrounded + 0.5 + Artefact), 0, int.MaxValue - 1);
        var stalls = rounded == current && unrounded > current && errors.Count == Errors && errors.TrueForAll(error => error >= _options.DeadBand);
        var wanted = stalls ? current + 1 : rounded;
        var limited = LargestParallelism.Limit(
            Math.Max(wanted, _options.MinParallelism), current, _now[_context.Topology[i]], _options.MaxParallelism);
        var isUnsure = limited < current && errors.Count < _options.ErrorsNeeded;
        return new(isUnsure ? current : limited, wanted, errors) { Unrounded = unrounded, Stalls = stalls, IsUnsure = isUnsure };
    }

    /// <summary>The newest errors there are, newest first; none if there is no signal now.</summary>
    private List<double> ErrorsOf(int i, double signal)
    {
        var errors = new List<double>(Errors);
        for (var k = -1; k < _past.Count && errors.Count < Errors; k++)
        {
            var value = k < 0 ? signal : _past[k][i];
            if (!double.IsNaN(value))
            {
                errors.Add((value - _options.Setpoint) / _options.Setpoint);
            }
            else if (k < 0)
            {
                break;
            }
        }

        return errors;
    }

    private double[] Signals(Measurements measurements)
    {
        var signals = _context.Topology.Select(node => ReadingOf(measurements, node).OrNaN).ToArray();
        foreach (var i in _graph?.Order ?? [])
        {
            if (ReadingOf(measurements, _context.Topology[i]).State == ReadingState.Absent && !_graph!.IsSource(i))
            {
                signals[i] = _graph.Upstream[i].Max(from => signals[from]);
            }
        }

        return signals;
    }

    private Reading ReadingOf(Measurements measurements, TopologyNode node) => _options.Signal switch
    {
        PidSignal.Cpu => measurements[node].Cpu,
        PidSignal.Lag => measurements[node].Lag,
        _ => measurements[node].Busy,
    };

    private Plan Explained(Plan plan, TopologyNode node, double signal, int current, Move move)
    {
        var (what, setpoint) = (_options.Signal.ToString().ToLowerInvariant(), new Rate(_options.Setpoint));
        if (move.Errors.Count == 0)
        {
            return plan.ForLackOfData(node, $"PID: keeps {current}, its {what} is {ReadingOf(_now, node)}");
        }

        plan = plan.WithNumber(node, what, signal).WithNumber(node, "error", move.Errors[0]);
        if (move.IsQuiet)
        {
            return plan.Because(node, $"PID: keeps {current}, {what} {new Rate(signal)} is close to the setpoint of {setpoint} (error {move.Errors[0]:F2})");
        }

        plan = plan.WithNumber(node, RawNumber.Instances, move.Unrounded);
        plan = plan.Because(
            node,
            $"PID: {what} {new Rate(signal)} at a setpoint of {setpoint}, errors {new Series(move.Errors)} → {move.Wanted} ({move.Unrounded:F2})");
        plan = move.Stalls ? plan.Because(node, $"PID: one more, because rounding takes away what three errors above {_options.DeadBand} ask for") : plan;
        return move.IsUnsure
            ? plan.Because(node, $"PID: keeps {current} instead of {move.Wanted}, {_options.ErrorsNeeded} measurements are needed to go down").AsHeldBack(node)
            : move.Chosen != move.Wanted ? plan.Because(node, $"PID: limited to {move.Chosen}") : plan;
    }

    private readonly record struct Move(int Chosen, int Wanted, List<double> Errors)
    {
        internal double Unrounded { get; init; }

        internal bool IsQuiet { get; init; }

        internal bool Stalls { get; init; }

        internal bool IsUnsure { get; init; }
    }

    /// <summary>Errors as people read them, put together when they are shown.</summary>
    private readonly struct Series(List<double> errors)
    {
        public override string ToString() => string.Join(", ", errors.Select(error => FormattableString.Invariant($"{error:F2}")));
    }
}
