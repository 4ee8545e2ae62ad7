using System.Text.Json;
using Kta.Functional;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Asks an endpoint what the operator asks, and some more, and judges the answers as it would.</summary>
internal sealed partial class ProtocolCheck
{
    private static readonly string[] s_ids = ["13ccb270-e959-4a1d-a484-2e0edce0d087", "27b003e0-aefd-4f44-a25b-4bcaebdf0c2d", "8d0a962d-3b74-4e45-a974-7e76c1bec8c8", "67c30313-0a06-471f-a39e-b10056e93feb"];

    private readonly StepCaller _caller;
    private readonly IReadOnlyList<Topology> _topologies;
    private readonly bool _isOwnTopology;
    private readonly ReadOnlyMemory<byte>? _monitorResult;
    private readonly Findings _findings = new();
    private readonly List<Step> _served = [.. Enum.GetValues<Step>()];
    private readonly HashSet<Step> _answering = [];

    private ProtocolCheck(StepEndpoints endpoints, Topology? topology, ReadOnlyMemory<byte>? monitorResult, CancellationToken cancellationToken)
    {
        _caller = new(endpoints, cancellationToken);
        _isOwnTopology = topology is not null;
        _topologies = topology is null ? CheckedRequests.Topologies : [topology];
        _monitorResult = monitorResult;
    }

    /// <param name="endpoints">The addresses of the steps.</param>
    /// <param name="topology">The only topology to ask about; null for some that are made up.</param>
    /// <param name="monitorResult">What monitor answers, for a server without it; null for measurements as our monitors answer them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    internal static async Task<CheckReport> RunAsync(StepEndpoints endpoints, Topology? topology, ReadOnlyMemory<byte>? monitorResult, CancellationToken cancellationToken)
    {
        var check = new ProtocolCheck(endpoints, topology, monitorResult, cancellationToken);
        await check.RunAsync();
        return new([.. check._served.Where(check._answering.Contains)], check._findings.All, check._caller.Requests, check._caller.Bytes, check._caller.Elapsed, check._caller.HasStopped);
    }

    private async Task RunAsync()
    {
        var last = new List<Iteration>();
        foreach (var topology in _topologies)
        {
            last.Add(await LoopAsync(topology));
        }

        TellWhatIsMissing();
        var iteration = last[0];
        await AgainAsync(iteration);
        await RetryAsync(iteration);
        await AtOnceAsync(last);
        await HistoriesAsync(iteration);
        await ExponentsAsync(iteration);
        await SizesAsync(iteration);
        foreach (var step in iteration.Reached)
        {
            await _caller.AskTwiceAsync(On(step, "two requests on one connection"), iteration.RequestOf(step).ToUtf8());
        }

        await DamagedAsync(iteration);
    }

    private void TellWhatIsMissing()
    {
        if (_served.Count == 0)
        {
            _findings.Add(new(
                Severity.Error, "no-steps", null, "the first request", $"none of the steps is there, for example {_caller.AddressOf(Step.Plan)}", Findings.Fails, "Check the path of the address; /api/v1alpha1 is added to it."));
            return;
        }

        foreach (var step in Enum.GetValues<Step>().Except(_served))
        {
            var name = NameOf(step);
            _findings.Add(new(
                Severity.Note,
                "not-served",
                name,
                "the first request",
                $"there is no {name}",
                $"With an address of {name} in the policy every iteration would fail; it does not ask what there is.",
                step == Step.Analyze ? "Leave analyzeEndpoint out of the policy." : $"Give the policy the {name} of another server."));
        }

        foreach (var step in _caller.IsNotThere ? [] : _served.Except(_answering))
        {
            if (!_findings.All.Any(finding => finding.Step == NameOf(step)))
            {
                _findings.Add(new(
                    Severity.Note, "not-asked", NameOf(step), "the first request", "it was not asked, for the step before it has failed", "It does not call a step after one that has failed.", "Mend the step before it, and check again."));
            }
        }
    }

    /// <summary>What stands in for a monitor that is another server's.</summary>
    private ReadOnlyMemory<byte> MonitorResultOf(Topology topology) =>
        _monitorResult ?? JsonSerializer.SerializeToUtf8Bytes(Measurements.Of(topology.Select(node => KeyValuePair.Create(
            node, new NodeMeasurements { RecordsIn = 1_000.5, RecordsOut = 1_000.5, Busy = 0.5, Parallelism = 2, Lag = 0, ArrivalRate = 1_000.5 }))));

    /// <summary>Some iterations, each told of those before it; what the last one was.</summary>
    private async Task<Iteration> LoopAsync(Topology topology)
    {
        var history = new List<FinishedIteration>();
        Iteration? iteration = null;
        for (var i = 0; iteration is null || i < (topology == _topologies[0] || topology.Count > 1 ? s_ids.Length : 1); i++)
        {
            var request = CheckedRequests.With(CheckedRequests.First(topology, s_ids[i], 1_700_000_000_000 + (30_000 * (i + 1))), history: [.. history]);
            iteration = await IterateAsync(request, $"iteration {i + 1} for {topology.Count} {(topology.Count == 1 ? "node" : "nodes")}");
            history.Insert(0, CheckedRequests.Entry(iteration.Plan, iteration.Planned));
        }

        return iteration;
    }

    /// <summary>One step after the other, until one fails.</summary>
    private async Task<Iteration> IterateAsync(OperatorRequest request, string name)
    {
        var measured = await ResultAsync(Step.Monitor, request, name) ?? (_served.Contains(Step.Monitor) ? default(ReadOnlyMemory<byte>?) : MonitorResultOf(request.Topology));
        var iteration = new Iteration(name, request, measured ?? OperatorRequest.Nothing, OperatorRequest.Nothing, null, [Step.Monitor]);
        if (measured is not null)
        {
            var analyzed = await ResultAsync(Step.Analyze, iteration.Analyze, name) ?? (_served.Contains(Step.Analyze) ? default(ReadOnlyMemory<byte>?) : OperatorRequest.Nothing);
            iteration = iteration with { Analyzed = analyzed ?? OperatorRequest.Nothing, Reached = [Step.Monitor, Step.Analyze] };
            if (analyzed is not null)
            {
                iteration = iteration with { Planned = await PlanAsync(iteration.Plan, name), Reached = Enum.GetValues<Step>() };
            }
        }

        return iteration with { Reached = [.. iteration.Reached.Where(_served.Contains)] };
    }

    private async Task<ReadOnlyMemory<byte>?> ResultAsync(Step step, OperatorRequest request, string name) =>
        On(step, name) is var probe && await AskAsync(probe, request) is { } reply ? ReplyJudge.Result(probe, reply) : null;

    private async Task<IReadOnlyDictionary<TopologyNode, int>?> PlanAsync(OperatorRequest request, string name) =>
        On(Step.Plan, name) is var probe && await AskAsync(probe, request) is { } reply ? ReplyJudge.Plan(probe, reply, request.Topology) : null;

    /// <summary>A step that is not there from the beginning is none of this server; it may be another's.</summary>
    private async Task<RawReply?> AskAsync(Probe probe, OperatorRequest request)
    {
        if (!_served.Contains(probe.Step) || await _caller.AskAsync(probe, request.ToUtf8()) is not { } reply)
        {
            return null;
        }

        if (reply.Status is 404 or 405 && !_answering.Contains(probe.Step))
        {
            _served.Remove(probe.Step);
            return null;
        }

        _answering.Add(probe.Step);
        return reply;
    }

    private static string NameOf(Step step) => step.ToString().ToLowerInvariant();

    private Probe On(Step step, string name) => new(step, name, _findings);

    /// <summary>An iteration as far as it came.</summary>
    /// <param name="Name">Which it is.</param>
    /// <param name="Monitor">What monitor was asked.</param>
    /// <param name="Measured">What it answered.</param>
    /// <param name="Analyzed">What analyze answered.</param>
    /// <param name="Planned">What plan answered; null if the operator would refuse it.</param>
    /// <param name="Reached">The steps that are there and before which none has failed.</param>
    private sealed record Iteration(
        string Name, OperatorRequest Monitor, ReadOnlyMemory<byte> Measured, ReadOnlyMemory<byte> Analyzed, IReadOnlyDictionary<TopologyNode, int>? Planned, IReadOnlyList<Step> Reached)
    {
        /// <summary>The iteration before it, as the history has it.</summary>
        internal FinishedIteration Before => Monitor.History.Count > 0 ? Monitor.History[0] : CheckedRequests.Entry(Plan, Planned);

        internal OperatorRequest Analyze => CheckedRequests.With(Monitor, Measured);

        internal OperatorRequest Plan => CheckedRequests.With(Monitor, Measured, Analyzed);

        internal OperatorRequest RequestOf(Step step) => step switch
        {
            Step.Monitor => Monitor,
            Step.Analyze => Analyze,
            _ => Plan,
        };
    }
}
