namespace Kta.Functional.Files;

/// <summary>A policy as its file says it: which topology is decided about, by whom, how often, and what is scaled.</summary>
/// <remarks>Equal to another one by content: a file that is read twice gives the same.</remarks>
public sealed partial record KtaPolicy
{
    /// <summary>The name, <c>metadata.name</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The namespace, <c>metadata.namespace</c>. Default: <c>default</c>, as for kubectl.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>What tells it from all others: <c>namespace/name</c>.</summary>
    public string FullName => $"{Namespace}/{Name}";

    /// <summary>The time between the end of an iteration and the next one, <c>reconciliationIntervalSeconds</c>: at least a second. Default: 30 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The least instances of a node, at least 1. Default: 1.</summary>
    public int MinParallelism { get; init; } = 1;

    /// <summary>The most instances of a node, at least the minimum. Default: no bound.</summary>
    public int MaxParallelism { get; init; } = int.MaxValue;

    /// <summary>How many earlier iterations a step is told, at least 1; null if the file does not say.</summary>
    public int? HistoryLength { get; init; }

    /// <summary>The address of monitor; null if the policy names a monitor of this project instead.</summary>
    public Uri? MonitorEndpoint { get; init; }

    /// <summary>The address of analyze; null if there is none.</summary>
    public Uri? AnalyzeEndpoint { get; init; }

    /// <summary>The address of plan; null if the policy names an algorithm of this project instead.</summary>
    public Uri? PlanEndpoint { get; init; }

    /// <summary>The nodes to decide about, in the order of the file.</summary>
    public required Topology Topology { get; init; }

    /// <summary>What is scaled.</summary>
    public required ScaleTarget Target { get; init; }

    /// <summary>The algorithm of the annotation <c>kta-functional/algorithm</c>; null if there is none.</summary>
    public string? Algorithm { get; init; }

    /// <summary>The settings of the annotation <c>kta-functional/settings</c>, in its order.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> Settings { get; init => field = new ValueList<KeyValuePair<string, string?>>(value); } =
        new ValueList<KeyValuePair<string, string?>>([]);

    /// <summary>The sources of the annotation <c>kta-functional/monitor</c>, such as <c>flink:http://jobmanager:8081#orders</c>.</summary>
    public IReadOnlyList<string> Monitors { get; init => field = new ValueList<string>(value); } = new ValueList<string>([]);
}

/// <summary>What a policy scales: <see cref="KubernetesTarget"/> or <see cref="FlinkTarget"/>.</summary>
public abstract record ScaleTarget
{
    private protected ScaleTarget()
    {
    }
}

/// <summary>Objects of Kubernetes in the namespace of the policy, <c>GenericKubernetes</c>.</summary>
/// <param name="Objects">One for each node, in the order of the topology.</param>
public sealed record KubernetesTarget(IReadOnlyList<ScaledObject> Objects) : ScaleTarget
{
    /// <summary>One for each node, in the order of the topology.</summary>
    public IReadOnlyList<ScaledObject> Objects { get; init => field = new ValueList<ScaledObject>(value); } = new ValueList<ScaledObject>(Objects);
}

/// <summary>An object of Kubernetes with a scale subresource.</summary>
/// <param name="Node">The node it is in the topology.</param>
/// <param name="ApiVersion">Its group and version, such as <c>apps/v1</c>.</param>
/// <param name="Kind">Its kind, such as <c>Deployment</c>.</param>
/// <param name="Name">Its name.</param>
public sealed record ScaledObject(TopologyNode Node, string ApiVersion, string Kind, string Name);

/// <summary>A job of Flink, <c>Flink</c>.</summary>
/// <param name="JobManager">The base address of the job manager, <c>flinkJobManagerBaseUrl</c>.</param>
/// <param name="JobId">The id of the job, <c>flinkJobId</c>, or its name.</param>
/// <param name="TaskManagers">The Deployment of its task managers; null if it is scaled by somebody else.</param>
public sealed record FlinkTarget(Uri JobManager, string JobId, TaskManagerDeployment? TaskManagers) : ScaleTarget;

/// <summary>The Deployment of Flink's task managers, in the namespace of the policy.</summary>
/// <param name="Name">Its name, <c>flinkTaskManagerDeploymentName</c>.</param>
/// <param name="Slots">How the tasks of a job share slots, <c>flinkJobDeploymentType</c>.</param>
public sealed record TaskManagerDeployment(string Name, SlotUse Slots);

/// <summary>How many task slots a job takes, where a task manager has one slot.</summary>
public enum SlotUse
{
    /// <summary>Tasks of different vertices share slots: as many as the largest parallelism.</summary>
    SharedTaskSlots,

    /// <summary>Every task has a slot of its own: as many as the sum.</summary>
    StreamingGraphNodePerTaskSlot,
}
