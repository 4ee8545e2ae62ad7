namespace Kta.Functional;

/// <summary>The types of topology nodes that this version knows: a further one is a record of its own and a row here.</summary>
/// <param name="Name">The type as the operator writes it.</param>
/// <param name="Needs">The fields it cannot do without, for messages.</param>
/// <param name="Make">Makes a node of id, kind and name; null if a field is missing.</param>
internal sealed record NodeType(string Name, string Needs, Func<string?, string?, string?, TopologyNode?> Make)
{
    internal const string Flink = "flinkStreamingGraphNode";
    internal const string ScaleTarget = "scaleTargetRef";

    private static readonly NodeType[] s_all =
    [
        new(Flink, "an id", (id, _, _) => string.IsNullOrEmpty(id) ? null : new FlinkStreamingGraphNode(id)),
        new(
            ScaleTarget,
            "a kind and a name",
            (_, kind, name) => string.IsNullOrEmpty(kind) || string.IsNullOrEmpty(name) ? null : new ScaleTargetRef(kind, name)),
    ];

    internal static NodeType? Find(string name) => Array.Find(s_all, type => type.Name == name);

    internal static NodeReading Unknown(string name) =>
        NodeReading.Failed($"the type '{SafeExcerpt.Of(name)}' is unknown (known: {string.Join(", ", s_all.Select(type => type.Name))})");
}
