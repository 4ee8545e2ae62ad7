using System.Text.RegularExpressions;

namespace Kta.Functional.Files;

/// <summary>Reads <c>spec.scaleDriver</c>: the nodes, and what is scaled for them.</summary>
internal static partial class ScaleDriverReader
{
    private const string Generic = "GenericKubernetes";
    private const string Flink = "Flink";
    private const string GenericTopology = "genericKubernetesTopology";
    private const string FlinkTopology = "flinkTopology";
    private const string Base = "the address of Flink's REST API with http or https, such as http://jobmanager:8081, without user, ? and #";
    private const string Objects = "a list of objects with kind and name";
    private const string Vertices = "a list of objects with the id of a vertex";
    private const string Slots = "SharedTaskSlots or StreamingGraphNodePerTaskSlot";

    private static readonly string[] s_flink = ["flinkJobManagerBaseUrl", "flinkJobId", FlinkTopology, "flinkTaskManagerDeploymentName", "flinkJobDeploymentType"];

    /// <summary>Kinds that everybody knows, and their versions.</summary>
    private static readonly Dictionary<string, string> s_versions = new()
    {
        ["Deployment"] = "apps/v1",
        ["StatefulSet"] = "apps/v1",
        ["ReplicaSet"] = "apps/v1",
        ["ReplicationController"] = "v1",
    };

    private static readonly string[] s_withoutScale = ["DaemonSet", "Job", "CronJob", "Pod", "Service", "ConfigMap", "Secret", "Namespace", "Node"];

    /// <summary>Null if something is wrong, which is a problem of the file.</summary>
    internal static (Topology Topology, ScaleTarget Target)? Read(YamlValue value)
    {
        const string Expected = $"{Generic} or {Flink}";
        if (value.Object("an object with a type and a topology", ["type", GenericTopology, .. s_flink]) is not { } driver
            || driver.Required("type", Expected) is not { } type || type.KubernetesText(Expected) is not { } name)
        {
            return null;
        }

        switch (name)
        {
            case Generic:
                Refuse(driver, s_flink, Flink);
                return KubernetesOf(driver);
            case Flink:
                Refuse(driver, [GenericTopology], Generic);
                return FlinkOf(driver);
            default:
                return type.Wrong<(Topology, ScaleTarget)?>(Expected, Meant(name, [Generic, Flink]));
        }
    }

    private static void Refuse(YamlObject driver, string[] names, string type)
    {
        foreach (var name in names)
        {
            driver[name]?.Add($"is only for type: {type}");
        }
    }

    private static (Topology, ScaleTarget)? KubernetesOf(YamlObject driver)
    {
        var objects = driver.Required(GenericTopology, Objects)?.Items(Objects)?.Select(item => (Item: item, Object: ObjectOf(item))).ToList();
        return objects is not null && TopologyOf(driver[GenericTopology]!.Value, [.. objects.Select(one => (one.Item, one.Object?.Node))]) is { } topology
            ? (topology, new KubernetesTarget([.. objects.Select(one => one.Object!)]))
            : null;
    }

    private static ScaledObject? ObjectOf(YamlValue value)
    {
        const string KindWords = "the kind of an object with a scale subresource, such as Deployment";
        if (value.Object("an object with kind and name", "kind", "name", "apiVersion") is not { } one)
        {
            return null;
        }

        var kind = one.Required("kind", KindWords) is { } given ? KindOf(given, KindWords) : null;
        var name = one.Required("name", "the name of the object")?.ObjectName();
        var version = one["apiVersion"] is { } written ? VersionOf(written) : kind is null ? null : s_versions.GetValueOrDefault(kind);
        if (kind is not null && version is null && one["apiVersion"] is null)
        {
            one.Required("apiVersion", $"the group and version of {kind}, such as example.com/v1");
        }

        if (kind is null || name is null || version is null)
        {
            return null;
        }

        if (kind != "Deployment")
        {
            one["kind"]!.Value.Note($"the operator would refuse kind {kind}: it knows Deployment only");
        }

        if (one["apiVersion"] is { } further)
        {
            further.Note("the operator would refuse apiVersion, which it does not know");
        }

        return new(new ScaleTargetRef(kind, name), version, kind, name);
    }

    private static string? KindOf(YamlValue value, string expected)
    {
        if (value.KubernetesText(expected) is not { } kind)
        {
            return null;
        }

        if (Array.Find(s_withoutScale, known => known == kind) is not null)
        {
            value.Add($"a {kind} has no replicas to scale: expected {expected}");
            return null;
        }

        if (!KindPattern().IsMatch(kind) || (!s_versions.ContainsKey(kind) && s_versions.Keys.Any(known => known.Equals(kind, StringComparison.OrdinalIgnoreCase))))
        {
            return value.Wrong<string>(expected, Meant(kind, s_versions.Keys));
        }

        return kind;
    }

    private static string Meant(string found, IEnumerable<string> known) =>
        SimilarName.Closest(found, known) is { } meant ? $", did you mean {meant}?" : "";

    private static string? VersionOf(YamlValue value)
    {
        const string Expected = "a group and a version, such as apps/v1";
        return value.KubernetesText(Expected) is not { } text ? null : VersionPattern().IsMatch(text) ? text : value.Wrong<string>(Expected);
    }

    private static (Topology, ScaleTarget)? FlinkOf(YamlObject driver)
    {
        var address = driver.Required("flinkJobManagerBaseUrl", Base)?.HttpUrl(Base);
        if (address?.Query.Length > 0)
        {
            driver["flinkJobManagerBaseUrl"]!.Value.Wrong<Uri>(Base);
        }

        var job = driver.Required("flinkJobId", "the id of the job")?.KubernetesText("the id of the job");
        if (job is not null && !JobIdPattern().IsMatch(job))
        {
            driver["flinkJobId"]!.Value.Note("is taken for the name of the job; the operator needs its id, 32 hexadecimal digits");
        }

        var (isNamed, managers) = TaskManagersOf(driver);
        var nodes = driver.Required(FlinkTopology, Vertices)?.Items(Vertices)?.Select(item => (item, VertexOf(item))).ToList();
        var topology = nodes is null ? null : TopologyOf(driver[FlinkTopology]!.Value, nodes);
        return topology is null || address is null || job is null || (isNamed && managers is null) ? null : (topology, new FlinkTarget(address, job, managers));
    }

    private static TopologyNode? VertexOf(YamlValue value)
    {
        if (value.Object("an object with the id of a vertex", "id")?.Required("id", "the id of a vertex") is not { } given || given.KubernetesText("the id of a vertex") is not { } id)
        {
            return null;
        }

        try
        {
            return TopologyNode.Flink(id);
        }
        catch (ArgumentException)
        {
            return given.Wrong<TopologyNode>("the id of a vertex, without | and =");
        }
    }

    private static (bool IsNamed, TaskManagerDeployment? TaskManagers) TaskManagersOf(YamlObject driver)
    {
        const string NameMember = "flinkTaskManagerDeploymentName", TypeMember = "flinkJobDeploymentType";
        if (driver[NameMember] is null && driver[TypeMember] is null)
        {
            return default;
        }

        var name = driver.Required(NameMember, $"the Deployment of the task managers, as {TypeMember} is given")?.ObjectName();
        var type = driver.Required(TypeMember, $"{Slots}, as {NameMember} is given");
        var use = type?.KubernetesText(Slots) switch
        {
            nameof(SlotUse.SharedTaskSlots) => SlotUse.SharedTaskSlots,
            nameof(SlotUse.StreamingGraphNodePerTaskSlot) => SlotUse.StreamingGraphNodePerTaskSlot,
            null => (SlotUse?)null,
            _ => type.Value.Wrong<SlotUse?>(Slots),
        };
        return (true, name is null || use is not { } slots ? null : new(name, slots));
    }

    /// <summary>The topology of the nodes, or null if there is none, one is not known, or one stands there twice.</summary>
    private static Topology? TopologyOf(YamlValue list, List<(YamlValue Item, TopologyNode? Node)> nodes)
    {
        if (nodes.Count == 0)
        {
            return list.Wrong<Topology>("at least one node");
        }

        var (seen, isFine) = (new HashSet<TopologyNode>(), true);
        foreach (var (item, node) in nodes)
        {
            isFine &= node is not null;
            if (node is not null && !seen.Add(node))
            {
                item.Add($"{node} stands there twice");
                isFine = false;
            }
        }

        return isFine ? new(nodes.Select(one => one.Node!)) : null;
    }

    [GeneratedRegex(@"^[A-Z][A-Za-z0-9]{0,62}\z")]
    private static partial Regex KindPattern();

    [GeneratedRegex(@"^([a-z0-9]([a-z0-9.-]*[a-z0-9])?/)?v[0-9]+((alpha|beta)[0-9]+)?\z")]
    private static partial Regex VersionPattern();

    [GeneratedRegex(@"^[0-9a-fA-F]{32}\z")]
    private static partial Regex JobIdPattern();
}
