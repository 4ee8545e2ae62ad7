using System.Text.Json.Nodes;
using Kta.Functional;

namespace Kta.Cli;

/// <summary>Vertices as Flink shows them in a job, and each by itself.</summary>
internal static class VertexJson
{
    private static readonly string[] s_taskStates =
        ["CREATED", "SCHEDULED", "DEPLOYING", "RUNNING", "FINISHED", "CANCELING", "CANCELED", "FAILED", "RECONCILING", "INITIALIZING"];

    internal static string NameOf(FlinkJob job, TopologyNode node) => job.Description.Sources.ContainsKey(node) ? $"Source: {node}" : node.ToString()!;

    /// <summary>The state its tasks are in; null if it has none.</summary>
    internal static string? TaskStateOf(FlinkJob job) => job.Phase switch
    {
        JobPhase.Running => "RUNNING",
        JobPhase.Restarting => "CANCELING",
        _ => null,
    };

    /// <summary>How many of so many are in which state.</summary>
    internal static JsonObject Counts(string? state, int count, Func<string, string>? nameOf = null) =>
        new(s_taskStates.Select(one => KeyValuePair.Create<string, JsonNode?>(nameOf?.Invoke(one) ?? one, one == state ? count : 0)));

    internal static JsonObject InJob(FlinkJob job, TopologyNode node, FlinkClock clock)
    {
        var (state, parallelism) = (TaskStateOf(job), job.ShownParallelism[node]);
        var startedAt = StartOf(job, clock);
        return new()
        {
            ["id"] = node.ToString(),
            ["slotSharingGroupId"] = FlinkId.Of($"{job.Id} slots"),
            ["slotSharingGroupName"] = "default",
            ["name"] = NameOf(job, node),
            ["maxParallelism"] = job.MaxParallelism.First(one => one.Node == node).Max,
            ["parallelism"] = parallelism,
            ["status"] = state ?? "CREATED",
            ["start-time"] = startedAt,
            ["end-time"] = -1,
            ["duration"] = startedAt < 0 ? -1 : clock.Now - startedAt,
            ["tasks"] = Counts(state, parallelism),
            ["metrics"] = Metrics(job, node),
        };
    }

    internal static JsonObject ByItself(FlinkJob job, TopologyNode node, FlinkClock clock)
    {
        var startedAt = StartOf(job, clock);
        var state = TaskStateOf(job);
        return new()
        {
            ["id"] = node.ToString(),
            ["name"] = NameOf(job, node),
            ["parallelism"] = job.ShownParallelism[node],
            ["maxParallelism"] = job.MaxParallelism.First(one => one.Node == node).Max,
            ["now"] = clock.Now,
            ["aggregated"] = new JsonObject { ["metrics"] = new JsonObject(), ["status-duration"] = new JsonObject() },
            ["subtasks"] = new JsonArray([.. Enumerable.Range(0, state is null ? 0 : job.ShownParallelism[node]).Select(subtask => new JsonObject
            {
                ["subtask"] = subtask,
                ["status"] = state,
                ["attempt"] = job.Attempt,
                ["endpoint"] = ClusterJson.AddressOf(ClusterJson.TaskManagerOf(subtask)),
                ["start-time"] = startedAt,
                ["end-time"] = -1,
                ["duration"] = clock.Now - startedAt,
                ["metrics"] = Metrics(job, node, subtask),
                ["taskmanager-id"] = ClusterJson.IdOf(ClusterJson.TaskManagerOf(subtask)),
                ["start_time"] = startedAt,
            })]),
        };
    }

    /// <summary>Of tasks that are being stopped it is still when they were started.</summary>
    private static long StartOf(FlinkJob job, FlinkClock clock) => job.Phase switch
    {
        JobPhase.Running => clock.At(job.UpAt),
        JobPhase.Restarting => clock.At(job.StartedBefore),
        _ => -1,
    };

    /// <summary>Of all subtasks or of one. Bytes are not known here, and said not to be complete.</summary>
    private static JsonObject Metrics(FlinkJob job, TopologyNode node, int? subtask = null)
    {
        var numbers = job.NumbersOf(node);
        var one = job.Description.Operators.First(candidate => candidate.Node == node);
        var shares = Shares.Of(one, job.ShownParallelism[node]);
        var isSource = job.Description.Sources.ContainsKey(node);
        var isComplete = numbers?.IsComplete ?? job.Phase == JobPhase.Created;
        return new()
        {
            ["read-bytes"] = 0,
            ["read-bytes-complete"] = false,
            ["write-bytes"] = 0,
            ["write-bytes-complete"] = false,
            ["read-records"] = isSource ? 0 : Whole(numbers?.Consumed ?? 0),
            ["read-records-complete"] = isComplete,
            ["write-records"] = Whole(numbers?.Given ?? 0),
            ["write-records-complete"] = isComplete,
            ["accumulated-backpressured-time"] = Milliseconds(numbers?.BackPressuredSeconds ?? 0),
            ["accumulated-idle-time"] = Milliseconds(numbers is null ? 0 : Math.Max(0, numbers.UpSeconds - numbers.BusySeconds - numbers.BackPressuredSeconds)),
            ["accumulated-busy-time"] = JavaNumber.Json(numbers is { IsComplete: false } ? double.NaN : Milliseconds(numbers?.BusySeconds ?? 0)),
        };

        long Whole(double total) => subtask is { } k ? Shares.SplitWhole(total, shares)[k] : Shares.SplitWhole(total, shares).Sum();
        long Milliseconds(double meanSeconds) => (long)(meanSeconds * 1000 * shares.Length * (subtask is { } k ? shares[k] : 1));
    }
}
