using System.Text.Json;
using Kta.Functional;
using Kta.Functional.Recording;
using Kta.Functional.Reports;
using Kta.Functional.Simulation;
using Kta.Functional.Wire;

namespace Kta.Cli;

/// <summary>Makes a page's run of a recording: what was decided, and what the next request says was applied.</summary>
internal sealed class RecordedLiveRun
{
    private readonly RequestReader _reader = new(int.MaxValue);
    private readonly Dictionary<(long Start, Topology Topology), RecordedDecision> _decisions = [];
    private readonly List<(Topology Topology, LiveEvent Event)> _failures = [];
    private readonly TimeRange _range;

    private RecordedLiveRun(TimeRange range) => _range = range;

    /// <summary>Lines that could not be read, or that the recorder had to drop.</summary>
    internal long Unreadable { get; private set; }

    internal static RecordedLiveRun Read(string file, TimeRange range)
    {
        var run = new RecordedLiveRun(range);
        foreach (var line in CallRecording.Read(file))
        {
            run.Add(line);
        }

        return run;
    }

    internal static bool IsThere(string file)
    {
        try
        {
            return CallRecording.FilesOf(file).Count > 0;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    /// <summary>The run of the policy that has this node.</summary>
    /// <param name="node">Null: there is only one.</param>
    /// <param name="file">The recording.</param>
    /// <param name="objective">The lag that is too much; null: none.</param>
    /// <param name="commandLine">What was typed.</param>
    internal LiveRun Of(string? node, string file, TimeSpan? objective, string commandLine)
    {
        var all = Topologies();
        var found = all.Where(one => node is null || one.Any(its => its.ToString() == node || its.Key == node)).ToArray();
        if (found is not [var topology])
        {
            var known = string.Join("; ", (found.Length > 0 ? found : all.ToArray()).Select(one => one.ToString()));
            throw new CommandFailedException(
                all.Count == 0 ? $"{file} has no plan that was answered{_range.InWords()}."
                : found.Length == 0 ? $"{file} has no plan about a node '{SafeExcerpt.Of(node!)}'. Its nodes are: {known}."
                : $"{file} is about several topologies: choose one with --node and a node that no other has. They are: {known}.");
        }

        var decisions = _decisions.Values.Where(one => topology.Contains(one.Topology[0])).OrderBy(one => one.At).ToArray();
        return new(
            Path.GetFileName(file),
            string.Join(", ", decisions.Select(one => one.Algorithm).Where(name => name.Length > 0).Distinct()),
            topology,
            [.. decisions.Select((one, i) => Decision(one, i + 1 < decisions.Length ? decisions[i + 1] : null))],
            [.. _failures.Where(one => topology.Contains(one.Topology[0])).Select(one => one.Event)],
            objective,
            commandLine,
            file);
    }

    /// <summary>The nodes of each policy: requests that share a node are about the same one, whose nodes have changed.</summary>
    private List<Topology> Topologies()
    {
        var found = new List<Topology>();
        foreach (var topology in _decisions.Keys.Select(one => one.Topology).Distinct())
        {
            var same = found.Where(one => one.Any(topology.Contains)).ToList();
            found.RemoveAll(same.Contains);
            found.Add(new(same.SelectMany(one => one).Concat(topology).Distinct()));
        }

        return found;
    }

    private static LiveDecision Decision(RecordedDecision one, RecordedDecision? next)
    {
        var reasons = one.Topology.Where(node => one.Reasons.ContainsKey(node.ToString()!)).ToDictionary(node => node, node => one.Reasons[node.ToString()!]);
        return new(
            one.At,
            one.Measured,
            one.Before,
            one.Plan,
            next?.PreviousId == one.Id ? next.Before : one.Plan.ToDictionary(planned => planned.Key, planned => Math.Max(1, planned.Value)),
            new Dictionary<TopologyNode, int>(),
            [],
            [],
            reasons,
            LiveRuns.Shadows(reasons));
    }

    private void Add(RecordedLine line)
    {
        if (line.Call is not { } call)
        {
            Unreadable += Math.Max(1, line.Dropped);
            return;
        }

        try
        {
            var request = _reader.Read(new RequestBody(call.Request));
            var at = EpochTime.At(request.UdfStartTimestampMillis);
            if (!_range.Contains(at))
            {
                return;
            }

            if (call.Status != 200)
            {
                var problem = call.Error?.Message ?? MessageOf(call.Reply);
                _failures.Add((request.Topology, new(at, TimeSpan.Zero, "failure", $"{call.Step.Name()} {(call.Status is { } status ? FormattableString.Invariant($"answered {status}") : "was not answered")}: {problem}")));
            }
            else if (call.Step == Step.Plan)
            {
                var (previous, before) = NewestOf(call.Request, request.Topology);
                // What is tried again has the same id and another start, and what is recorded twice the same start.
                _decisions[(request.UdfStartTimestampMillis, request.Topology)] = new(
                    request.Id,
                    request.Topology,
                    at,
                    call.Algorithm,
                    request.MonitorResult is { } result ? request.Body.Read(result, 0, static (utf8, _) => LiveRuns.Measured(utf8.Span)) : null,
                    previous,
                    before,
                    OperatorReply.ReadPlan(call.Reply.Span, request.Topology),
                    call.Reasons);
            }
        }
        catch (Exception error) when (error is InvalidRequestException or FormatException)
        {
            Unreadable++;
        }
    }

    /// <summary>The newest entry of the history: its id, and what was applied.</summary>
    private static (string? Id, IReadOnlyDictionary<TopologyNode, int> Applied) NewestOf(ReadOnlyMemory<byte> request, Topology topology)
    {
        var applied = new Dictionary<TopologyNode, int>();
        using var document = JsonDocument.Parse(request, JsonFormat.Parsing);
        if (!document.RootElement.TryGetProperty(WireNames.ResultHistory.EncodedUtf8Bytes, out var history) || history.GetArrayLength() == 0)
        {
            return (null, applied);
        }

        var entry = history[0];
        foreach (var one in entry.TryGetProperty(WireNames.Parallelism.EncodedUtf8Bytes, out var parallelism) ? [.. parallelism.EnumerateObject()] : Array.Empty<JsonProperty>())
        {
            var node = topology.FirstOrDefault(node => node.Key == one.Name) ?? topology.FirstOrDefault(node => node == TopologyNode.Parse(one.Name));
            if (node is not null && one.Value.TryGetInt32(out var count))
            {
                applied[node] = count;
            }
        }

        return (entry.TryGetProperty(WireNames.Id.EncodedUtf8Bytes, out var id) ? id.GetString() : null, applied);
    }

    private static string MessageOf(ReadOnlyMemory<byte> reply)
    {
        try
        {
            using var document = JsonDocument.Parse(reply);
            return document.RootElement.TryGetProperty(WireNames.Message.EncodedUtf8Bytes, out var message) ? message.ToString() : document.RootElement.ToString();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return "(no JSON)";
        }
    }

    private sealed record RecordedDecision(
        string Id,
        Topology Topology,
        DateTimeOffset At,
        string Algorithm,
        Measurements? Measured,
        string? PreviousId,
        IReadOnlyDictionary<TopologyNode, int> Before,
        IReadOnlyDictionary<TopologyNode, int> Plan,
        IReadOnlyDictionary<string, IReadOnlyList<string>> Reasons);
}
