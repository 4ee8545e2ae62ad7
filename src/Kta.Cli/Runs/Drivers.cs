using Kta.Functional.Files;
using Kta.Functional.Operator;

namespace Kta.Cli;

/// <summary>Makes what scales the target of a policy.</summary>
/// <param name="isDryRun">Whether nothing is to be scaled.</param>
/// <param name="cluster">How Kubernetes is found, if a policy needs it.</param>
internal sealed class Drivers(bool isDryRun, ClusterAccess cluster)
{
    /// <exception cref="UsageException">There is no access to what is to be scaled.</exception>
    internal ScaleDriver Of(KtaPolicy policy) => (policy.Target, isDryRun) switch
    {
        (KubernetesTarget objects, false) => KubernetesDriver(objects, policy, cluster.Connection),
        // The API server checks admission and quotas too, but only that of a cluster that is meant.
        (KubernetesTarget objects, true) when cluster.IsMeant => KubernetesDriver(objects, policy, cluster.Connection),
        (FlinkTarget flink, false) => new FlinkScaleDriver(flink, policy.Topology, new() { TaskManagers = TaskManagersOf(flink, policy) }),
        _ => new RecommendingDriver(),
    };

    private KubernetesScaleDriver KubernetesDriver(KubernetesTarget objects, KtaPolicy policy, KubernetesConnection connection) =>
        new(objects, policy.Namespace, connection, new() { DryRun = isDryRun, EventInterval = policy.Interval });

    private IReplicas? TaskManagersOf(FlinkTarget flink, KtaPolicy policy) =>
        flink.TaskManagers is { } managers ? cluster.Connection.Replicas(policy.Namespace, "apps/v1", "Deployment", managers.Name) : null;
}
