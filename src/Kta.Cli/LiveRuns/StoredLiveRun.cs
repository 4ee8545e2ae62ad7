using System.Text.Json;
using Kta.Functional.Operator;
using Kta.Functional.Reports;

namespace Kta.Cli;

/// <summary>Makes a page's run of what a store says.</summary>
internal static class StoredLiveRun
{
    internal static LiveRun Of(StoredRun run, string file, TimeSpan? objective, string commandLine) => new(
        run.Policy,
        run.Settings.Count > 0 ? AlgorithmOf(run.Settings[^1].Json) : "",
        LiveRuns.TopologyOf(run.Iterations.Select(one => one.Parallelism)),
        [.. run.Iterations.Select((_, i) => Decision(run, i))],
        [
            .. run.Failures.Select(one => new LiveEvent(one.At, TimeSpan.Zero, "failure", one.Problem)),
            .. run.Settings.Select((one, i) => new LiveEvent(one.At, TimeSpan.Zero, "settings", SettingsChange.Text(i > 0 ? run.Settings[i - 1].Json : null, one.Json))),
            .. run.Rescales.Select(one => new LiveEvent(one.StartedAt, one.Took, "rescale", $"took {Phrase.Length(one.Took)}")),
        ],
        objective,
        commandLine,
        file);

    private static LiveDecision Decision(StoredRun run, int place)
    {
        var stored = run.Iterations[place];
        var explained = stored.Explanation?.Nodes ?? [];
        var failed = stored.Scaling?.Nodes.Where(one => one.Outcome == ScalingOutcome.Failed).ToDictionary(one => one.Node) ?? [];
        var reasons = stored.Parallelism.Keys.ToDictionary(
            node => node,
            node => (IReadOnlyList<string>)
            [
                .. explained.FirstOrDefault(one => one.Node == node)?.Reasons.Select(reason => reason.ToString()) ?? [],
                .. failed.TryGetValue(node, out var problem) ? (string[])[$"scaling failed: {problem.Problem}"] : [],
            ]);
        return new LiveDecision(
            stored.EndedAt,
            LiveRuns.Measured(stored.Finished.MonitorResult.Span),
            stored.Parallelism.Keys.Where(node => run.Before(place, node) is not null).ToDictionary(node => node, node => run.Before(place, node)!.Value),
            stored.PlanResult,
            stored.Parallelism.Keys.ToDictionary(node => node, node => run.Applied(place, node)),
            stored.Parallelism.Keys.Where(node => failed.ContainsKey(node) && run.Before(place, node) is not null).ToDictionary(node => node, node => run.Before(place, node)!.Value),
            [.. explained.Where(one => one.IsHeldBack).Select(one => one.Node)],
            [.. explained.Where(one => one.LacksData).Select(one => one.Node)],
            reasons,
            LiveRuns.Shadows(reasons));
    }

    /// <summary>What decides, if the settings say it.</summary>
    private static string AlgorithmOf(string settings)
    {
        try
        {
            using var document = JsonDocument.Parse(settings);
            return document.RootElement.TryGetProperty("algorithm", out var algorithm) ? algorithm.ToString() : "";
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return "";
        }
    }
}
