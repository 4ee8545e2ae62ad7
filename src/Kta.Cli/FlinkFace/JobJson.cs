using System.Net;
using System.Text.Json.Nodes;
using Kta.Functional;

namespace Kta.Cli;

/// <summary>The job as Flink shows it.</summary>
internal static class JobJson
{
    private static readonly string[] s_jobStates =
        ["INITIALIZING", "CREATED", "RUNNING", "FAILING", "FAILED", "CANCELLING", "CANCELED", "FINISHED", "RESTARTING", "SUSPENDED", "RECONCILING"];

    internal static string StateOf(FlinkJob job) => job.Phase switch
    {
        JobPhase.Running => "RUNNING",
        JobPhase.Restarting => "RESTARTING",
        _ => "CREATED",
    };

    internal static JsonObject Ids(FlinkJob job) =>
        new() { ["jobs"] = new JsonArray(new JsonObject { ["id"] = job.Id, ["status"] = StateOf(job) }) };

    internal static JsonObject Status(FlinkJob job) => new() { ["status"] = StateOf(job) };

    internal static JsonObject Overview(FlinkJob job, FlinkClock clock)
    {
        var count = job.Phase == JobPhase.Created ? 0 : job.ShownParallelism.Values.Sum();
        var tasks = new JsonObject { ["total"] = count };
        foreach (var (state, number) in VertexJson.Counts(VertexJson.TaskStateOf(job), count, state => state.ToLowerInvariant()).ToList())
        {
            tasks[state] = number!.DeepClone();
        }

        return new()
        {
            ["jobs"] = new JsonArray(new JsonObject
            {
                ["jid"] = job.Id,
                ["name"] = job.Description.Name,
                ["start-time"] = clock.StartedAt,
                ["end-time"] = -1,
                ["duration"] = clock.Milliseconds,
                ["state"] = StateOf(job),
                ["last-modification"] = clock.At(ChangedAt(job)),
                ["tasks"] = tasks,
                ["pending-operators"] = 0,
                ["job-type"] = "STREAMING",
                ["schedulerType"] = "Adaptive",
            }),
        };
    }

    internal static JsonObject Details(FlinkJob job, FlinkClock clock)
    {
        var vertices = job.Description.Topology.Select(node => VertexJson.InJob(job, node, clock)).ToList();
        return new()
        {
            ["jid"] = job.Id,
            ["name"] = job.Description.Name,
            ["isStoppable"] = false,
            ["state"] = StateOf(job),
            ["job-type"] = "STREAMING",
            ["schedulerType"] = "Adaptive",
            ["start-time"] = clock.StartedAt,
            ["end-time"] = -1,
            ["duration"] = clock.Milliseconds,
            ["maxParallelism"] = -1,
            ["now"] = clock.Now,
            ["timestamps"] = Timestamps(job, clock),
            ["vertices"] = new JsonArray([.. vertices]),
            ["status-counts"] = VertexJson.Counts(VertexJson.TaskStateOf(job) ?? "CREATED", vertices.Count),
            ["plan"] = PlanOf(job),
            ["pending-operators"] = 0,
        };
    }

    internal static JsonObject Plan(FlinkJob job) => new() { ["plan"] = PlanOf(job) };

    /// <summary>A job that waits for slots, or is about to start in them, has an empty plan.</summary>
    private static JsonObject PlanOf(FlinkJob job)
    {
        var isKnown = job.Phase != JobPhase.Created;
        return new()
        {
            ["jid"] = isKnown ? job.Id : "",
            ["name"] = isKnown ? job.Description.Name : "",
            ["type"] = isKnown ? "STREAMING" : "",
            // The last vertex first, as Flink walks from the sinks.
            ["nodes"] = new JsonArray([.. isKnown ? job.Description.Operators.Reverse().Select(one => Node(job, one.Node)) : []]),
        };
    }

    private static JsonObject Node(FlinkJob job, TopologyNode node)
    {
        var one = new JsonObject
        {
            ["id"] = node.ToString(),
            ["parallelism"] = job.ShownParallelism[node],
            ["operator"] = "",
            ["operator_strategy"] = "",
            ["description"] = WebUtility.HtmlEncode(VertexJson.NameOf(job, node)) + "<br/>",
            ["optimizer_properties"] = "{}",
        };
        var inputs = job.Edges.Where(edge => edge.To == node).Select((edge, number) => new JsonObject
        {
            ["num"] = number,
            ["id"] = edge.From.ToString(),
            ["ship_strategy"] = job.IsKeyed(edge) ? "HASH" : "REBALANCE",
            ["exchange"] = "pipelined_bounded",
        }).ToArray<JsonNode?>();
        if (inputs.Length > 0)
        {
            one["inputs"] = new JsonArray(inputs);
        }

        return one;
    }

    private static JsonObject Timestamps(FlinkJob job, FlinkClock clock)
    {
        var timestamps = new JsonObject();
        foreach (var state in s_jobStates)
        {
            timestamps[state] = state switch
            {
                "INITIALIZING" => clock.StartedAt,
                "CREATED" when job.Phase != JobPhase.Restarting => clock.At(job.Attempt == 0 ? 0 : job.DownSince + job.CancelSeconds),
                "RUNNING" when job.Phase != JobPhase.Created => clock.At(job.Phase == JobPhase.Running ? job.UpAt : job.StartedBefore),
                "RESTARTING" when job.Phase == JobPhase.Restarting => clock.At(job.DownSince),
                _ => 0,
            };
        }

        return timestamps;
    }

    private static long ChangedAt(FlinkJob job) => job.Phase switch
    {
        JobPhase.Running => job.UpAt,
        JobPhase.Restarting => job.DownSince,
        _ => job.DownSince + job.CancelSeconds,
    };
}
