using System.Text.Json;
using System.Text.Json.Nodes;
using Kta.Functional;
using Microsoft.AspNetCore.WebUtilities;

namespace Kta.Cli;

/// <summary>Which answer belongs to which path.</summary>
internal sealed class FlinkRoutes(FlinkCluster cluster)
{
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    /// <param name="method">The method of the request.</param>
    /// <param name="target">Its path and query, as they were sent.</param>
    /// <param name="body">What was sent.</param>
    internal FlinkReply Answer(string method, string target, ReadOnlyMemory<byte> body)
    {
        try
        {
            // Through a proxy a path comes with its host.
            target = Uri.TryCreate(target, UriKind.Absolute, out var whole) && whole.Scheme == Uri.UriSchemeHttp ? whole.PathAndQuery : target;
            var cut = target.IndexOf('?', StringComparison.Ordinal);
            var segments = (cut < 0 ? target : target[..cut]).Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
            var query = new MetricsQuery(QueryHelpers.ParseQuery(cut < 0 ? "" : target[cut..]));
            segments = segments is ["v1", ..] ? segments[1..] : segments;
            return FlinkReply.Ok(
                (method == "PUT" ? Put(segments, body) : method == "GET" ? Get(segments, query) : null)
                ?? throw new FlinkRefusal(404, $"Not found: {target}"));
        }
        catch (FlinkRefusal refusal)
        {
            return refusal.Reply;
        }
        catch (IOException error)
        {
            return FlinkRefusal.Unhandled($"The state cannot be kept: {error.Message}").Reply;
        }
    }

    private JsonObject? Put(string[] path, ReadOnlyMemory<byte> body)
    {
        switch (path)
        {
            case ["jobs", var id, "resource-requirements"]:
                if (Checked(id) != cluster.JobId)
                {
                    throw FlinkRefusal.NoSuchJob(id);
                }

                cluster.Require(body);
                return new JsonObject();
            case ["kta", "slots"]:
                cluster.ChangeSlots(Slots(body));
                return new JsonObject();
            default:
                return null;
        }
    }

    private JsonNode? Get(string[] path, MetricsQuery query) => path switch
    {
        ["overview"] => cluster.Ask<JsonNode>((job, _) => ClusterJson.Overview(job)),
        ["config"] => ClusterJson.Config(),
        ["taskmanagers"] => cluster.Ask<JsonNode>(ClusterJson.TaskManagers),
        ["taskmanagers", "metrics"] => cluster.Ask<JsonNode>((job, _) => query.Aggregated(ClusterJson.TaskManagerMetrics(job))),
        ["jobmanager", "metrics"] => cluster.Ask<JsonNode>((job, _) => query.Of(ClusterJson.JobManagerMetrics(job))),
        ["jobs"] => cluster.Ask<JsonNode>((job, _) => JobJson.Ids(job)),
        ["jobs", "overview"] => cluster.Ask<JsonNode>(JobJson.Overview),
        ["jobs", var id, "vertices", var vertex, .. var rest] => OfVertex(id, vertex, rest, query),
        ["jobs", var id, .. var rest] => OfJob(id, rest),
        ["kta", "requests"] => cluster.Requests(),
        ["kta", "slots"] => cluster.Ask<JsonNode>((job, _) => new JsonObject { ["slots"] = job.Slots }),
        _ => null,
    };

    private JsonNode? OfJob(string id, string[] rest)
    {
        Func<FlinkJob, FlinkClock, JsonNode>? answer = rest switch
        {
            [] => JobJson.Details,
            ["status"] => (job, _) => JobJson.Status(job),
            ["plan"] => (job, _) => JobJson.Plan(job),
            ["resource-requirements"] => (job, _) => job.Required.Json,
            ["rescales", "config"] => (job, _) => RescaleJson.Config(job),
            ["rescales", "overview"] => RescaleJson.Overview,
            ["rescales", "history"] => RescaleJson.History,
            ["rescales", "summary"] => (job, _) => RescaleJson.Summary(job),
            ["rescales", "details", var rescale] => (job, clock) => RescaleJson.Details(job, rescale, clock),
            _ => null,
        };
        return answer is null ? null
            : Checked(id) == cluster.JobId ? cluster.Ask(answer)
            : throw (rest is ["resource-requirements"] or ["status"] ? FlinkRefusal.NoSuchJob(id) : FlinkRefusal.NotFound($"Job {id} not found"));
    }

    private JsonNode? OfVertex(string id, string vertex, string[] rest, MetricsQuery query)
    {
        Func<FlinkJob, FlinkClock, TopologyNode, JsonNode>? answer = rest switch
        {
            [] => (job, clock, node) => VertexJson.ByItself(job, node, clock),
            ["metrics"] => (job, _, node) => query.Of(ByIndex(VertexMetrics.Of(job, node))),
            ["subtasks", "metrics"] => (job, _, node) => query.Aggregated(query.Chosen(VertexMetrics.Of(job, node))),
            ["subtasks", var subtask, "metrics"] => (job, _, node) =>
                query.Of(int.TryParse(subtask, out var k) ? VertexMetrics.Of(job, node).ElementAtOrDefault(k) ?? s_none : throw FlinkRefusal.BadPath("subtaskindex", subtask)),
            ["jm-operator-metrics"] => (_, _, _) => new JsonArray(),
            ["backpressure"] => (job, clock, node) => BackPressureJson.Of(VertexMetrics.Of(job, node), clock, cluster.IsFirstLookAt(node)),
            _ => null,
        };
        if (answer is null)
        {
            return null;
        }

        var isKnown = Checked(id) == cluster.JobId;
        return cluster.Ask((job, clock) =>
        {
            // Metrics of what is not known are none; only the job itself knows what is not there.
            var node = isKnown ? job.Description.Topology.FirstOrDefault(node => node.ToString() == vertex) : null;
            return node is not null ? answer(job, clock, node)
                : rest is [] ? throw FlinkRefusal.NotFound(isKnown ? $"JobVertex {vertex} not found" : $"Job {id} not found")
                : rest is ["backpressure"] ? BackPressureJson.Deprecated
                : new JsonArray();
        });
    }

    private static string Checked(string id) => FlinkId.Is(id) ? id.ToLowerInvariant() : throw FlinkRefusal.BadPath("jobid", id);

    private static Dictionary<string, string> ByIndex(IReadOnlyList<IReadOnlyDictionary<string, string>> subtasks) =>
        subtasks.SelectMany((metrics, k) => metrics.Select(metric => ($"{k}.{metric.Key}", metric.Value))).ToDictionary();

    private static int Slots(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.GetProperty("slots").GetInt32() is >= 1 and <= 1 << 15 and var slots ? slots : throw new FormatException();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new FlinkRefusal(400, "Expected {\"slots\": n}, with a whole number from 1 to 32768.");
        }
    }
}
