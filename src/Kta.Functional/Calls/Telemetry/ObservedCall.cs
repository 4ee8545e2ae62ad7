using System.Diagnostics;
using System.Diagnostics.Metrics;
using Kta.Functional.Wire;

namespace Kta.Functional.Calls;

/// <summary>A call that somebody listens to: its span, and what is measured when it has ended. Takes what the step answers, too.</summary>
internal sealed class ObservedCall : StepOutput, IDisposable
{
    /// <summary>Enough to see what was decided, and no more than a span may carry.</summary>
    private const int MostNodes = 100;

    private readonly StepInstruments _instruments;
    private readonly Step _step;
    private readonly int _bytes;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly Activity? _span;
    private readonly bool _isCounted;
    private (Topology Topology, Plan Plan, IReadOnlyDictionary<TopologyNode, int>? Applied)? _decision;

    /// <param name="instruments">What is measured.</param>
    /// <param name="step">The step.</param>
    /// <param name="bytes">The length of the request; 0 if it was handed over.</param>
    /// <param name="explains">Whether somebody wants to know why a plan is as it is.</param>
    internal ObservedCall(StepInstruments instruments, Step step, int bytes, bool explains)
        : base(explains)
    {
        (_instruments, _step, _bytes) = (instruments, step, bytes);
        _span = StepInstruments.Spans.StartActivity(NameOf(step), ActivityKind.Internal, default(ActivityContext), [Tags.Of(step)]);
        // Who begins to listen now hears the end of nothing whose beginning was not told.
        _isCounted = instruments.Running.Enabled;
        Count(1);
    }

    internal override bool WantsDecision => Explains || IsTold || _instruments.Decided.Enabled || _instruments.Previous.Enabled || _instruments.DecidedTime.Enabled;

    private bool IsTold => _span is { IsAllDataRequested: true };

    internal override void Received(ReceivedRequest request)
    {
        if (IsTold)
        {
            _span!.SetTag(Tags.TopologySize, request.Topology.Count);
        }
    }

    internal override void Decide(Topology topology, Plan plan, IReadOnlyDictionary<TopologyNode, int>? applied)
    {
        base.Decide(topology, plan, applied);
        _decision = (topology, plan, applied);
    }

    /// <summary>Measures what came of it.</summary>
    internal void End(StepReply reply)
    {
        var seconds = Stopwatch.GetElapsedTime(_started).TotalSeconds;
        var errorType = Tags.ErrorTypeOf(reply);
        Measure(reply, seconds, errorType);
        if (reply.StatusCode == 200 && _step == Step.Plan)
        {
            _instruments.Decisions.Add(1);
            if (_decision is var (topology, plan, applied))
            {
                Record(_instruments.Decided, topology, node => plan[node]);
                Record(_instruments.Previous, topology, NumberIn(applied));
                RecordTime(topology);
            }
        }

        if (IsTold)
        {
            Tell(_span!, reply, errorType);
        }
    }

    public void Dispose()
    {
        Count(-1);
        _span?.Dispose();
    }

    /// <summary>What was applied; null where the history does not tell.</summary>
    private static Func<TopologyNode, int?> NumberIn(IReadOnlyDictionary<TopologyNode, int>? applied) =>
        node => applied is not null && applied.TryGetValue(node, out var count) ? count : null;

    private static string NameOf(Step step) => step switch
    {
        Step.Monitor => "kta.monitor",
        Step.Analyze => "kta.analyze",
        _ => "kta.plan",
    };

    private void Count(int change)
    {
        if (_isCounted)
        {
            _instruments.Running.Add(change, Tags.Of(_step));
        }
    }

    private void Measure(StepReply reply, double seconds, string? errorType)
    {
        var step = Tags.Of(_step);
        if (_instruments.Duration.Enabled)
        {
            var tags = new TagList { step, { Tags.Status, reply.StatusCode } };
            if (errorType is not null)
            {
                tags.Add(Tags.ErrorType, errorType);
            }

            _instruments.Duration.Record(seconds, tags);
        }

        if (reply.Error is not null)
        {
            _instruments.Failed.Add(1, step);
        }

        if (_bytes > 0)
        {
            _instruments.RequestSize.Record(_bytes, step);
        }

        if (reply.SkippedHistory.Count > 0)
        {
            _instruments.Skipped.Add(reply.SkippedHistory.Count, step);
        }
    }

    /// <summary>One measurement for each node with a series of its own, and the sum of all others.</summary>
    private void Record(Gauge<long> gauge, Topology topology, Func<TopologyNode, int?> numberOf)
    {
        if (!gauge.Enabled)
        {
            return;
        }

        long? others = null;
        foreach (var node in topology)
        {
            if (numberOf(node) is not { } number)
            {
                continue;
            }

            var label = _instruments.Nodes.Of(node);
            if (label == NodeLabels.Others)
            {
                others = (others ?? 0) + number;
            }
            else
            {
                gauge.Record(number, Tags.OfNode(label));
            }
        }

        if (others is { } sum)
        {
            gauge.Record(sum, Tags.OfNode(NodeLabels.Others));
        }
    }

    private void RecordTime(Topology topology)
    {
        if (!_instruments.DecidedTime.Enabled)
        {
            return;
        }

        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        foreach (var label in topology.Select(_instruments.Nodes.Of).Distinct())
        {
            _instruments.DecidedTime.Record(now, Tags.OfNode(label));
        }
    }

    private void Tell(Activity span, StepReply reply, string? errorType)
    {
        span.SetTag(Tags.Iteration, reply.Iteration);
        span.SetTag(Tags.Status, reply.StatusCode);
        if (_bytes > 0)
        {
            span.SetTag(Tags.RequestSize, _bytes);
        }

        if (reply.SkippedHistory.Count > 0)
        {
            span.SetTag(Tags.Skipped, reply.SkippedHistory.Count);
        }

        if (errorType is null)
        {
            if (_decision is var (topology, plan, applied))
            {
                span.SetTag(Tags.Decided, Numbers(topology, node => plan[node]));
                span.SetTag(Tags.Previous, Numbers(topology, NumberIn(applied)));
            }

            return;
        }

        span.SetTag(Tags.ErrorType, errorType);
        span.SetStatus(ActivityStatusCode.Error, reply.Error is { } error ? StepErrors.Message(_step, error) : StepReply.CallerGoneMessage);
        // What a function threw; a request that is not valid has no stack worth telling.
        if (reply.Error is { } failed and not InvalidRequestException)
        {
            span.AddException(failed.InnerException ?? failed);
        }
    }

    private static string[] Numbers(Topology topology, Func<TopologyNode, int?> numberOf) =>
    [
        .. topology
            .Select(node => (Node: node, Number: numberOf(node)))
            .Where(one => one.Number is not null)
            .Take(MostNodes)
            .Select(one => FormattableString.Invariant($"{SafeExcerpt.Of(one.Node.ToString()!)}={one.Number}")),
    ];
}
