using System.Text.Json;
using Kta.Functional.Monitoring.Servers;

namespace Kta.Functional.Monitoring.Flink;

/// <summary>Flink's REST interface: what is asked, and replies that are taken apart with care.</summary>
internal sealed class FlinkRest(Server server)
{
    /// <summary>The longest first line of a request that Flink's server reads, without the method and what else stands there.</summary>
    private const int LongestPath = 3_500;

    /// <exception cref="MonitoringException">It does not answer, or not what was asked.</exception>
    internal async Task<ReplyNode> GetAsync(string path, string notThere, CancellationToken cancellationToken)
    {
        var reply = await server.GetAsync(path, cancellationToken).ConfigureAwait(false);
        return JsonOf(reply, $"GET /{Shortened(path)}", notThere);
    }

    /// <exception cref="MonitoringException">It does not answer, or refuses what is sent.</exception>
    internal async Task PutAsync(string path, ReadOnlyMemory<byte> json, string notThere, CancellationToken cancellationToken)
    {
        var reply = await server.PutAsync(path, json, cancellationToken).ConfigureAwait(false);
        if (reply.Status is < 200 or > 299)
        {
            throw server.Refused($"PUT /{Shortened(path)}", reply, ErrorOf(reply.Json), notThere);
        }
    }

    private ReplyNode JsonOf(ServerReply reply, string query, string notThere)
    {
        var json = reply.Json;
        if (reply.Status != 200)
        {
            throw server.Refused(query, reply, ErrorOf(json), notThere);
        }

        return json is { } root
            ? new(root, "$", problem => server.Failure(query, problem, "Is this the address of a job manager?", reply.Status))
            : throw server.Failure(query, $"was answered with something else than JSON: {reply.Excerpt.TrimEnd('.')}.", "Is this the address of a job manager?", reply.Status);
    }

    /// <summary>The names of the metrics of a vertex.</summary>
    internal async Task<IReadOnlyList<string>> NamesAsync(string job, string vertex, CancellationToken cancellationToken)
    {
        var names = await GetAsync(MetricsOf(job, vertex), "The job has been started anew meanwhile, perhaps.", cancellationToken).ConfigureAwait(false);
        return [.. names.Items().Select(metric => metric["id"].Text()).Distinct()];
    }

    /// <summary>What the instances of a vertex together say about metrics; nothing if one of the names is not known any more.</summary>
    internal async Task<Dictionary<string, ReplyNode>> ValuesAsync(string job, string vertex, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var path = $"{MetricsOf(job, vertex)}?agg=sum,avg,max&get=";
        var values = new Dictionary<string, ReplyNode>();
        foreach (var some in Chunks(names.Select(Uri.EscapeDataString), LongestPath - path.Length))
        {
            var reply = await GetAsync($"{path}{some}", "The job has been started anew meanwhile, perhaps.", cancellationToken).ConfigureAwait(false);
            foreach (var metric in reply.Items())
            {
                values[metric["id"].Text()] = metric;
            }
        }

        return values;
    }

    internal MonitoringException Failure(string path, string problem, string remedy) => server.Failure($"GET /{path}", problem, remedy);

    private static string MetricsOf(string job, string vertex) => $"jobs/{Uri.EscapeDataString(job)}/vertices/{Uri.EscapeDataString(vertex)}/subtasks/metrics";

    private static string Shortened(string path) => path.Length <= 160 ? path : $"{path[..160]}…";

    /// <summary>Lists of names, none longer than a length if a name is not.</summary>
    private static IEnumerable<string> Chunks(IEnumerable<string> names, int longest)
    {
        var chunk = "";
        foreach (var name in names)
        {
            if (chunk.Length > 0 && chunk.Length + name.Length + 1 > longest)
            {
                yield return chunk;
                chunk = "";
            }

            chunk = chunk.Length == 0 ? name : $"{chunk},{name}";
        }

        if (chunk.Length > 0)
        {
            yield return chunk;
        }
    }

    /// <summary>The first two lines that say something: around and behind them are stack traces.</summary>
    private static string? ErrorOf(JsonElement? json)
    {
        try
        {
            return json is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Array
                ? string.Join(' ', errors.EnumerateArray().Where(error => error.ValueKind == JsonValueKind.String)
                    .SelectMany(error => error.GetString()!.Split('\n'))
                    .Where(line => !line.StartsWith("\tat ", StringComparison.Ordinal) && !line.StartsWith('<') && line.Trim().Length > 0)
                    .Take(2))
                : null;
        }
        catch (InvalidOperationException)
        {
            // Text that is no Unicode: the reply itself is shown then.
            return null;
        }
    }
}
