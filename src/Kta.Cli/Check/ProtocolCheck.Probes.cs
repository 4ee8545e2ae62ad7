using Kta.Functional;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <content>What is sent beside ordinary iterations.</content>
internal sealed partial class ProtocolCheck
{
    private const int LongHistory = 2_000;
    private const int VeryLongHistory = 12_000;

    /// <summary>The same requests again, after others: the answers have to be the same.</summary>
    private async Task AgainAsync(Iteration iteration)
    {
        if (iteration.Planned is { } before && await PlanAsync(iteration.Plan, "the same request again") is { } after
            && before.FirstOrDefault(one => after[one.Key] != one.Value) is { Key: { } node })
        {
            On(Step.Plan, "the same request again").Error(
                "changed-mind",
                $"the same request gave {before[node]} instances of {node} first and {after[node]} later",
                "Decide by the request alone: no counters, no clock, no chance; what came before stands in the history.",
                "It asks again after every failure, and restarts lose its history: what it scales to depends on that.");
        }

        if (iteration.Reached.Contains(Step.Plan) && iteration.Reached.Contains(Step.Analyze)
            && await ResultAsync(Step.Analyze, iteration.Analyze, "the same request again") is { } again && !again.Span.SequenceEqual(iteration.Analyzed.Span))
        {
            On(Step.Analyze, "the same request again").Warning(
                "changed-mind",
                "the same request gives another result",
                "Work with what the request says alone: no counters, no clock, no chance.",
                "It asks again after every failure: the result depends on how often it did.");
        }
    }

    /// <summary>An iteration that failed in plan is tried again with the same id and another start.</summary>
    private async Task RetryAsync(Iteration iteration)
    {
        foreach (var step in iteration.Reached)
        {
            var request = CheckedRequests.With(iteration.RequestOf(step), start: iteration.Monitor.UdfStartTimestampMillis + 2_000);
            await AcceptedAsync(
                step, request, "the same id again, two seconds later", Severity.Error, "retry", "Take an id for a name that may come again, and count by the history.", Findings.Fails);
        }
    }

    /// <summary>Policies are reconciled at the same moment.</summary>
    private async Task AtOnceAsync(IEnumerable<Iteration> iterations)
    {
        var asked = iterations.Where(iteration => iteration.Planned is not null).SelectMany(iteration => new[] { iteration, iteration })
            .Select(async iteration => (iteration.Planned, Again: await PlanAsync(iteration.Plan, "several requests at once")));
        foreach (var (planned, again) in await Task.WhenAll(asked))
        {
            if (again is not null && planned!.FirstOrDefault(one => again[one.Key] != one.Value) is { Key: { } node })
            {
                On(Step.Plan, "several requests at once").Error(
                    "mixed-up",
                    $"among other requests it asks for {again[node]} instances of {node}, alone for {planned![node]}",
                    "Keep nothing between requests that another one could find.",
                    "It scales to what was meant for another policy.");
            }
        }
    }

    private async Task HistoriesAsync(Iteration iteration)
    {
        var before = iteration.Before;
        foreach (var step in iteration.Reached)
        {
            await WithHistoryAsync("history-order", "history whose nodes stand in another order, with other numbers than were planned", Severity.Error, CheckedRequests.Shuffled(before));
            await WithHistoryAsync("history-foreign", "history with an entry about other nodes", Severity.Error, CheckedRequests.Foreign(before, false), before);
            await WithHistoryAsync("history-shape", "history with an entry of another algorithm", Severity.Warning, CheckedRequests.Foreign(before, true), before);
            await WithHistoryAsync("history-empty", "history with an entry without results", Severity.Warning, CheckedRequests.Mute(before), before);

            Task WithHistoryAsync(string code, string name, Severity severity, params FinishedIteration[] history) => AcceptedAsync(
                step, CheckedRequests.With(iteration.RequestOf(step), history: history), name, severity, code, "Read entries one by one, and pass over those that are not yours.");
        }
    }

    /// <summary>What was 12345678.0 comes back as 1.2345678E7.</summary>
    private async Task ExponentsAsync(Iteration iteration)
    {
        if (CheckedRequests.WithExponents(iteration.Measured) is { } measured)
        {
            foreach (var step in iteration.Reached.Where(step => step != Step.Monitor))
            {
                await AcceptedAsync(
                    step, CheckedRequests.With(iteration.RequestOf(step), measured), "numbers as 1.2345678E7", Severity.Error, "exponent", "Read numbers with a JSON reader, exponents with a capital E among them.", Findings.Fails);
            }
        }
    }

    private async Task SizesAsync(Iteration iteration)
    {
        foreach (var step in iteration.Reached)
        {
            await LongAsync(step, LongHistory, Severity.Error, "history-long");
        }

        if (iteration.Reached is [.., var last])
        {
            await LongAsync(last, VeryLongHistory, Severity.Warning, "history-very-long");
        }

        if (!_isOwnTopology && iteration.Reached.Contains(Step.Plan))
        {
            var measured = _served.Contains(Step.Monitor) ? iteration.Measured : MonitorResultOf(CheckedRequests.Many);
            await AcceptedAsync(
                Step.Plan, CheckedRequests.With(CheckedRequests.First(CheckedRequests.Many), measured, iteration.Analyzed), "a topology of 100 nodes", Severity.Warning, "many-nodes",
                "Plan for every node of the request, however many.", Findings.Fails);
        }

        async Task LongAsync(Step step, int count, Severity severity, string code)
        {
            var request = CheckedRequests.With(iteration.RequestOf(step), history: CheckedRequests.Long(iteration.Before, count));
            if (request.ToUtf8().Length is < 12 << 20 and var size)
            {
                await AcceptedAsync(
                    step, request, FormattableString.Invariant($"a history of {count} entries, {size / 1_000_000.0:0.0} MB"), severity, code,
                    "Allow bodies of 30 MB and more, read the history lazily, and set resultHistoryLength in the policy.", Findings.Fails);
            }
        }
    }

    /// <summary>A valid request has to be answered in a way the operator accepts.</summary>
    private async Task AcceptedAsync(
        Step step, OperatorRequest request, string name, Severity severity, string code, string change, string consequence = "It sends such an entry again in every request until it restarts: until then every iteration fails.")
    {
        var found = new Findings();
        var probe = new Probe(step, name, found);
        if (await _caller.AskAsync(probe, request.ToUtf8()) is { } reply)
        {
            _ = step == Step.Plan ? ReplyJudge.Plan(probe, reply, request.Topology) is null : ReplyJudge.Result(probe, reply) is null;
        }

        foreach (var finding in found.All)
        {
            // What is wrong with every reply is told as such; what goes wrong only here is the fault of what was sent.
            var isKnown = _findings.All.Any(known => known.Step == finding.Step && known.Code == finding.Code);
            _findings.Add(isKnown || finding.Severity != Severity.Error
                ? finding
                : finding with { Severity = severity, Code = code, Change = change, Operator = consequence });
        }
    }

    /// <summary>What is no request is refused with JSON, and leaves nothing behind.</summary>
    private async Task DamagedAsync(Iteration iteration)
    {
        foreach (var step in iteration.Reached)
        {
            var wasFine = !_findings.All.Any(finding => finding.Step == NameOf(step) && finding.Severity == Severity.Error);
            foreach (var (name, body) in CheckedRequests.Damaged(iteration.RequestOf(step)))
            {
                await RefusedAsync(step, name, body);
            }

            if (wasFine)
            {
                await AcceptedAsync(
                    step, iteration.RequestOf(step), "a valid request after damaged ones", Severity.Error, "not-recovered", "Let no request change what later ones are answered.", Findings.Fails);
            }
        }
    }

    private async Task RefusedAsync(Step step, string name, byte[] body)
    {
        var lost = new Findings();
        var probe = new Probe(step, name, lost);
        if (await _caller.AskAsync(probe, body) is { } reply)
        {
            JudgeRefusal(probe with { Findings = _findings }, reply);
        }
        else if (lost.All is [var finding, ..] && !_findings.All.Any(known => known.Step == finding.Step && known.Code == finding.Code))
        {
            _findings.Add(finding with
            {
                Severity = Severity.Warning,
                Code = $"damaged-{finding.Code}",
                Operator = "It does not send such requests; whoever calls the step by hand is told nothing.",
                Change = "Refuse what is no request with a status of 400 or 422 and a JSON object.",
            });
        }
    }

    private static void JudgeRefusal(Probe probe, RawReply reply)
    {
        if (reply.IsSuccess)
        {
            probe.Warning("damaged-accepted", $"it answers {reply.Status} to {probe.Name}", "Refuse what is no request with a status of 400 or 422.", "It does not send such requests; whoever calls the step by hand is misled.");
        }
        else if (!reply.Body.AsSpan().TrimStart(" \r\n\t"u8).StartsWith("{"u8))
        {
            probe.Warning("status-lost", $"it answers {reply.Status} without a JSON object: {ReplyJudge.ExcerptOf(reply)}", "Answer errors with a JSON object, such as {\"message\": \"…\"}.", "It reads the body first: its log shows an error of JSON, and the status is lost.");
        }
    }
}
