namespace Kta.Functional.Algorithms;

/// <summary>One decision of Dhalion for all nodes: symptoms, their diagnosis, and what is done.</summary>
internal sealed class DhalionDecision(Measurements now, RuleContext context, DhalionOptions options)
{
    private readonly Graph _graph = Graph.Of(context.Topology, now);

    internal Plan Plan()
    {
        var nodes = context.Topology;
        var current = context.CurrentOfAll(now);
        var diagnoses = Enumerable.Range(0, current.Length).Select(Diagnose).ToArray();
        var isHealthy = Array.TrueForAll(diagnoses, one => one.Factor == 1);
        var isKnown = Array.TrueForAll(diagnoses, one => one.IsKnown);
        // A lag that grows behind another bottleneck says nothing about the source.
        var isHeldUp = diagnoses.Where((one, i) => one.Factor > 1 && !_graph.IsSource(i)).Any();
        var work = Enumerable.Range(0, current.Length).Select(HasEnoughToDo).ToArray();
        var plan = context.Keep(now);
        for (var i = 0; i < current.Length; i++)
        {
            var (node, keeps) = (nodes[i], current[i]);
            plan = diagnoses[i] switch
            {
                { IsKnown: false } => plan.ForLackOfData(node, $"Dhalion: keeps {keeps}, whether it is a bottleneck is not known (backPressured {now[node].BackPressured}, lag {now[node].Lag})"),
                { Factor: > 1 } when isHeldUp && _graph.IsSource(i) => plan.Because(node, $"Dhalion: keeps {keeps}, its lag grows, but another bottleneck comes first"),
                { Factor: > 1 } => Raised(plan, i, keeps, diagnoses[i]),
                _ when !isHealthy && isKnown => plan.Because(node, $"Dhalion: keeps {keeps}, another node is a bottleneck"),
                _ when !isKnown => plan.Because(node, $"Dhalion: keeps {keeps}, nothing goes down while a bottleneck may be hidden"),
                _ when work[i] is null => plan.ForLackOfData(node, $"Dhalion: keeps {keeps}, whether it has little to do is not known (busy {now[node].Busy})"),
                _ when Array.Exists(work, enough => enough is not false) => plan.Because(node, $"Dhalion: keeps {keeps}, nothing is a bottleneck, and not all nodes have little to do"),
                _ => Lowered(plan, node, keeps),
            };
        }

        return plan;
    }

    /// <summary>Whether others wait for a node, and how much it has to grow for that.</summary>
    private Diagnosis Diagnose(int i)
    {
        var node = context.Topology[i];
        if (now[node].BackPressured.Value is not { } own)
        {
            return default;
        }

        if (own >= options.BackPressureThreshold)
        {
            return new(1);
        }

        if (!_graph.IsSource(i))
        {
            var blocked = _graph.Upstream[i].Max(from => now[context.Topology[from]].BackPressured.OrNaN);
            return double.IsNaN(blocked) ? default
                : blocked < options.BackPressureThreshold ? new(1)
                : new(blocked < 1 ? Math.Min(1 / (1 - blocked), options.MaxScaleUpFactor) : options.MaxScaleUpFactor, blocked);
        }

        var growth = LagGrowth.Of(node, now, context);
        return double.IsNaN(growth) ? default
            : growth <= options.LagGrowthThreshold ? new(1)
            : now[node].RecordsIn.OrNaN is > 0 and var taken ? new(Math.Min(1 + (growth / taken), options.MaxScaleUpFactor), growth)
            : default;
    }

    private Plan Raised(Plan plan, int i, int current, Diagnosis diagnosis)
    {
        var node = context.Topology[i];
        if (options.Blacklist is { } time && HasNotHelped(i, time, diagnosis))
        {
            return plan.Because(node, $"Dhalion: keeps {current}, to raise it did not help within the last {time.TotalSeconds} s").AsHeldBack(node);
        }

        var raised = now[node].Limited(Ds2Model.Ceiling(current * diagnosis.Factor, current));
        plan = plan.With(node, raised);
        return _graph.IsSource(i)
            ? plan.Because(node, $"Dhalion: its lag grows by {new Rate(diagnosis.Symptom)}/s while it takes in {new Rate(now[node].RecordsIn.OrNaN)}/s, times {diagnosis.Factor:F2} → {raised}")
            : plan.Because(node, $"Dhalion: those who feed it are blocked {diagnosis.Symptom:P0} of the time, times {diagnosis.Factor:F2} → {raised}");
    }

    /// <summary>Whether the node grew within a time, and the symptom is as strong as it was before.</summary>
    private bool HasNotHelped(int i, TimeSpan within, Diagnosis diagnosis)
    {
        var node = context.Topology[i];
        for (var k = 0; context.History.At(k) is { } past && context.StartedAt - past.StartedAt <= within; k++)
        {
            if (context.History.ParallelismAt(k, node) is { } before && past.Parallelism.TryGetValue(node, out var after) && after > before)
            {
                var then = new DhalionDecision(past.Measurements, context.At(k, past), options).Diagnose(i);
                return then.Factor > 1 && diagnosis.Symptom >= then.Symptom;
            }
        }

        return false;
    }

    /// <summary>Whether the node needs what it has; null if that is not known.</summary>
    private bool? HasEnoughToDo(int i) =>
        _graph.IsSource(i) ? now[context.Topology[i]].Lag.Value > options.LowLag : now[context.Topology[i]].Busy.Value is { } busy ? busy > options.LowUse : null;

    private Plan Lowered(Plan plan, TopologyNode node, int current)
    {
        var lowered = (int)Math.Max(1, Math.Floor((current * options.ScaleDownFactor) + 1e-9));
        return plan.With(node, lowered)
            .Because(node, $"Dhalion: nothing is a bottleneck, and all have little to do, times {options.ScaleDownFactor:F2} → {lowered}");
    }

    /// <param name="Factor">By how much the node has to grow; 1 if it is no bottleneck, 0 if that is not known.</param>
    /// <param name="Symptom">The blocked time of those who feed it, or the growth of the lag of a source.</param>
    private readonly record struct Diagnosis(double Factor, double Symptom = 0)
    {
        internal bool IsKnown => Factor >= 1;
    }
}
