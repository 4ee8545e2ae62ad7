using Kta.Functional.Recording;
using Kta.Functional.Wire;
using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>What arrived at the sources of the topologies of a recording, and what of the recording was left out.</summary>
/// <remarks>
/// Used are calls of plan that were answered with status 200 and whose monitor result reads as <see cref="Measurements"/> with an arrival
/// rate, each at the start of its iteration (<c>udfStartTimestampMillis</c>).
/// </remarks>
/// <example>
/// <code>
/// var load = RecordedLoad.Of(CallRecording.Read("decisions.jsonl"));
/// var trace = load.Topologies[0].Traces[source];
/// </code>
/// </example>
public sealed class RecordedLoad
{
    private RecordedLoad(IReadOnlyList<RecordedTopology> topologies, IReadOnlyList<LeftOut> leftOut, int used)
    {
        Topologies = topologies;
        LeftOut = leftOut;
        Used = used;
    }

    /// <summary>Each topology that was measured at least twice, in the order of the recording.</summary>
    public IReadOnlyList<RecordedTopology> Topologies { get; }

    /// <summary>What was left out, and how much of it; the most frequent first.</summary>
    public IReadOnlyList<LeftOut> LeftOut { get; }

    /// <summary>How many calls are in the traces.</summary>
    public int Used { get; }

    /// <summary>Takes the arrivals out of a recording.</summary>
    /// <param name="lines">Its lines, in any order of time.</param>
    public static RecordedLoad Of(IEnumerable<RecordedLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var reader = new RequestReader(int.MaxValue);
        var measured = new Dictionary<Topology, SortedDictionary<long, RecordedMoment>>();
        var leftOut = new Dictionary<string, long>();
        foreach (var line in lines)
        {
            var (found, reason) = Look(line, reader);
            if (found is { } call)
            {
                var ofTopology = measured.TryGetValue(call.Topology, out var known) ? known : measured[call.Topology] = [];
                reason = ofTopology.TryAdd(call.Start, call.Moment) ? null : "another call with the same topology and start";
            }

            if (reason is not null)
            {
                leftOut[reason] = leftOut.GetValueOrDefault(reason) + Math.Max(1, line.Dropped);
            }
        }

        foreach (var (topology, single) in measured.Where(pair => pair.Value.Count < 2).ToList())
        {
            measured.Remove(topology);
            leftOut["the only call of its topology"] = leftOut.GetValueOrDefault("the only call of its topology") + single.Count;
        }

        return new(
            [.. measured.Select(pair => RecordedTopology.Of(pair.Key, pair.Value))],
            [.. leftOut.OrderByDescending(pair => pair.Value).Select(pair => new LeftOut(pair.Key, pair.Value))],
            measured.Values.Sum(calls => calls.Count));
    }

    /// <summary>One line about what was used, and one for each kind of what was left out.</summary>
    public override string ToString() => string.Join('\n', [
        Invariant($"{Used} calls of plan used, of {Topologies.Count} topologies."),
        .. LeftOut.Select(left => Invariant($"Left out: {left.Count} × {left.Reason}."))]);

    private static ((Topology Topology, long Start, RecordedMoment Moment)? Found, string? Reason) Look(RecordedLine line, RequestReader reader)
    {
        if (line.Call is not { } call)
        {
            return (null, line.Dropped > 0 ? "calls the recorder had to drop" : "lines that cannot be read");
        }

        if (call.Step != Step.Plan)
        {
            return (null, $"calls of {call.Step.Name()}");
        }

        if (call.Status != 200)
        {
            return (null, call.Status is { } status ? Invariant($"answered with {status}") : "calls without an answer");
        }

        try
        {
            var request = reader.Read(new RequestBody(call.Request));
            if (request.MonitorResult is not { } result)
            {
                return (null, "without a monitor result");
            }

            var measured = request.Body.Read(result, 0, static (utf8, _) => MeasurementsCodec.Instance.Read(utf8.Span));
            return measured.Nodes.Values.Any(node => node.ArrivalRate.LastValue is not null)
                ? ((request.Topology, request.UdfStartTimestampMillis, new(measured, PlanOf(call, request.Topology))), null)
                : (null, "monitor results without an arrival rate");
        }
        catch (InvalidRequestException)
        {
            return (null, "requests that are not valid");
        }
        catch (FormatException)
        {
            return (null, "monitor results that are no measurements");
        }
    }

    /// <summary>What was answered; null if it is no plan the operator would have applied.</summary>
    private static IReadOnlyDictionary<TopologyNode, int>? PlanOf(CallRecord call, Topology topology)
    {
        try
        {
            return OperatorReply.ReadPlan(call.Reply.Span, topology);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>A kind of line that was left out.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Count">How many calls.</param>
public sealed record LeftOut(string Reason, long Count);
