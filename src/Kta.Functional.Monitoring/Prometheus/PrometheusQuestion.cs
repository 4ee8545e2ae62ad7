using System.Globalization;

namespace Kta.Functional.Monitoring;

/// <summary>One request: a query, for the nodes it is asked about.</summary>
/// <param name="Query">The query.</param>
/// <param name="Expression">Its expression, with the node's name in it.</param>
/// <param name="Nodes">The nodes, and what they are called in the answer.</param>
internal sealed record PrometheusQuestion(PrometheusQuery Query, string Expression, IReadOnlyList<KeyValuePair<TopologyNode, string>> Nodes)
{
    /// <summary>What has to be asked to answer a query for a topology.</summary>
    /// <exception cref="FormatException">The name of a node cannot stand in the expression.</exception>
    internal static IEnumerable<PrometheusQuestion> Of(PrometheusQuery query, Topology topology, IReadOnlyDictionary<TopologyNode, string> names)
    {
        var nodes = topology.Where(node => query.Node is null || query.Node == node).Select(node => KeyValuePair.Create(node, NameOf(node))).ToList();
        return query.Label is not null ? [new(query, query.Expression, nodes)]
            : nodes.Select(node => new PrometheusQuestion(query, query.Node is null ? NodePlaceholder.Filled(query.Expression, node.Value) : query.Expression, [node]));

        string NameOf(TopologyNode node) =>
            query.Names?.TryGetValue(node, out var here) == true ? here
            : names.TryGetValue(node, out var everywhere) ? everywhere
            : node switch
            {
                FlinkStreamingGraphNode vertex => vertex.Id,
                ScaleTargetRef target => target.Name,
                _ => node.ToString(),
            };
    }

    /// <summary>The path of the request, its parameters beside the expression, and the time at which its range ends, in seconds.</summary>
    internal (string Path, KeyValuePair<string, string>[] Parameters, double End) Request(DateTimeOffset now)
    {
        var end = now.ToUnixTimeMilliseconds() / 1e3;
        return Query.Range is { } range
            ?
            (
                "api/v1/query_range",
                [new("start", Text(end - range.Span.TotalSeconds)), new("end", Text(end)), new("step", Text(range.Step.TotalSeconds))],
                end
            )
            : ("api/v1/query", [], end);
    }

    private static string Text(double seconds) => seconds.ToString("0.###", CultureInfo.InvariantCulture);
}
