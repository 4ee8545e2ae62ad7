using System.Text.Json.Nodes;
using Kta.Functional;

namespace Kta.Cli;

/// <summary>The rescale history as Flink 2.3 shows it.</summary>
internal static class RescaleJson
{
    internal static JsonObject Config(FlinkJob job) => new()
    {
        ["rescaleHistoryMax"] = RescaleHistory.Longest,
        ["schedulerExecutionMode"] = null,
        ["submissionResourceWaitTimeoutInMillis"] = -1,
        ["submissionResourceStabilizationTimeoutInMillis"] = 0,
        ["slotIdleTimeoutInMillis"] = 0,
        ["executingCooldownTimeoutInMillis"] = (long)job.Description.RescaleCooldown.TotalMilliseconds,
        ["executingResourceStabilizationTimeoutInMillis"] = 0,
        ["maximumDelayForTriggeringRescaleInMillis"] =
            job.Description.Checkpoints is { RescaleWaits: true } checkpoints ? (long)checkpoints.Interval.TotalMilliseconds : 0,
        ["rescaleOnFailedCheckpointCount"] = 2,
    };

    internal static JsonObject Overview(FlinkJob job, FlinkClock clock)
    {
        JsonObject? Latest(string state) => job.Rescales.Ended.LastOrDefault(one => StateOf(one) == state) is { } last ? Brief(last, clock) : null;
        return new()
        {
            ["rescalesCounts"] = Counts(job),
            ["latest"] = new JsonObject { ["completed"] = Latest("COMPLETED"), ["failed"] = Latest("FAILED"), ["ignored"] = Latest("IGNORED") },
        };
    }

    internal static JsonArray History(FlinkJob job, FlinkClock clock) => new([.. job.Rescales.Kept.Select(one => Brief(one, clock))]);

    internal static JsonObject Summary(FlinkJob job) => new()
    {
        ["rescalesCounts"] = Counts(job),
        ["rescalesDurationStatsInMillis"] = Durations(job, null),
        ["completedRescalesDurationStatsInMillis"] = Durations(job, "COMPLETED"),
        ["ignoredRescalesDurationStatsInMillis"] = Durations(job, "IGNORED"),
        ["failedRescalesDurationStatsInMillis"] = Durations(job, "FAILED"),
    };

    internal static JsonObject Details(FlinkJob job, string id, FlinkClock clock)
    {
        var one = job.Rescales.Kept.FirstOrDefault(one => one.Id == id)
            ?? throw FlinkRefusal.Handled(404, $"Could not find rescale details of specified rescaleUuid {id}.");
        var group = FlinkId.Of($"{job.Id} slots");
        var details = Brief(one, clock);
        details["vertices"] = new JsonObject(job.Description.Topology.Select(node =>
            KeyValuePair.Create<string, JsonNode?>(node.ToString()!, Vertex(job, one, node, group))));
        details["slots"] = new JsonObject
        {
            [group] = new JsonObject
            {
                ["slotSharingGroupId"] = group,
                ["slotSharingGroupName"] = "default",
                ["requestResourceProfile"] = UnknownResource(),
                ["desiredSlots"] = one.Required.MostSlots,
                ["minimalRequiredSlots"] = one.Required.LeastSlots,
                ["preRescaleSlots"] = one.Before?.Values.Max(),
                ["postRescaleSlots"] = one.After?.Values.Max(),
                ["acquiredResourceProfile"] = UnknownResource(),
            },
        };
        details["schedulerStates"] = new JsonArray([.. States(job, one, clock)]);
        return details;
    }

    /// <summary>Without vertices, slots and states, as lists have it.</summary>
    private static JsonObject Brief(Rescale one, FlinkClock clock) => new()
    {
        ["rescaleUuid"] = one.Id,
        ["resourceRequirementsUuid"] = one.RequirementsId,
        ["rescaleAttemptId"] = one.Attempt,
        ["vertices"] = new JsonObject(),
        ["slots"] = new JsonObject(),
        ["schedulerStates"] = new JsonArray(),
        ["startTimestampInMillis"] = clock.At(one.Start),
        ["endTimestampInMillis"] = one.EndAt is { } end ? clock.At(end) : null,
        ["terminalState"] = StateOf(one),
        ["triggerCause"] = one.Cause switch
        {
            RescaleCause.InitialSchedule => "INITIAL_SCHEDULE",
            RescaleCause.UpdateRequirement => "UPDATE_REQUIREMENT",
            RescaleCause.NewResourceAvailable => "NEW_RESOURCE_AVAILABLE",
            _ => "RECOVERABLE_FAILOVER",
        },
        ["terminatedReason"] = one.Ended switch
        {
            null => null,
            RescaleEnd.Succeeded => "SUCCEEDED",
            RescaleEnd.ResourceRequirementsUpdated => "RESOURCE_REQUIREMENTS_UPDATED",
            RescaleEnd.NoResourcesOrParallelismsChange => "NO_RESOURCES_OR_PARALLELISMS_CHANGE",
            _ => "JOB_FAILOVER_RESTARTING",
        },
    };

    private static string? StateOf(Rescale one) => one.Ended switch
    {
        null => null,
        RescaleEnd.Succeeded => "COMPLETED",
        _ => "IGNORED",
    };

    private static JsonObject Vertex(FlinkJob job, Rescale one, TopologyNode node, string group) => new()
    {
        ["jobVertexId"] = node.ToString(),
        ["jobVertexName"] = VertexJson.NameOf(job, node),
        ["slotSharingGroupId"] = group,
        ["slotSharingGroupName"] = "default",
        ["desiredParallelism"] = one.Required[node].Upper,
        ["sufficientParallelism"] = one.Required[node].Lower,
        ["preRescaleParallelism"] = one.Before?[node],
        ["postRescaleParallelism"] = one.After?[node],
    };

    private static IEnumerable<JsonObject> States(FlinkJob job, Rescale one, FlinkClock clock)
    {
        if (one.Before is null)
        {
            yield return Span("Created", one.Start, one.Start);
            yield return Span("CreatingExecutionGraph", one.Start, one.Start);
            yield break;
        }

        yield return Span("Executing", one.Start, one.DownSince ?? one.EndAt);
        if (one.DownSince is { } stopped)
        {
            var cancelled = Math.Min(stopped + job.CancelSeconds, one.EndAt ?? long.MaxValue);
            yield return Span("Restarting", stopped, cancelled);
            yield return Span("CreatingExecutionGraph", cancelled, one.EndAt);
        }

        JsonObject Span(string state, long from, long? to) => new()
        {
            ["state"] = state,
            ["enterTimestampInMillis"] = clock.At(from),
            ["leaveTimestampInMillis"] = to is { } left ? clock.At(left) : null,
            ["durationInMillis"] = to is { } end ? (end - from) * 1000 : null,
            ["stringifiedException"] = null,
        };
    }

    private static JsonObject Counts(FlinkJob job)
    {
        var ended = job.Rescales.Ended;
        return new()
        {
            ["ignored"] = ended.Count(one => StateOf(one) == "IGNORED"),
            ["inProgress"] = job.Rescales.Current is null ? 0 : 1,
            ["completed"] = ended.Count(one => StateOf(one) == "COMPLETED"),
            ["failed"] = ended.Count(one => StateOf(one) == "FAILED"),
        };
    }

    private static JsonObject Durations(FlinkJob job, string? state)
    {
        double[] sorted = [.. job.Rescales.Ended.Where(one => state is null || StateOf(one) == state).Select(one => (one.EndAt!.Value - one.Start) * 1000.0).Order()];
        var durations = new JsonObject
        {
            ["min"] = (long)sorted.FirstOrDefault(),
            ["max"] = (long)sorted.LastOrDefault(),
            ["avg"] = sorted.Length == 0 ? 0 : (long)sorted.Average(),
        };
        foreach (var (name, part) in new[] { ("p50", 0.5), ("p90", 0.9), ("p95", 0.95), ("p99", 0.99), ("p999", 0.999) })
        {
            durations[name] = JavaNumber.Json(sorted.Length == 0 ? double.NaN : sorted[(int)Math.Ceiling(part * sorted.Length) - 1]);
        }

        return durations;
    }

    private static JsonObject UnknownResource() => new()
    {
        ["cpuCores"] = JavaNumber.Json(-1),
        ["taskHeapMemory"] = -1,
        ["taskOffHeapMemory"] = -1,
        ["managedMemory"] = -1,
        ["networkMemory"] = -1,
        ["extendedResources"] = new JsonObject(),
    };
}
