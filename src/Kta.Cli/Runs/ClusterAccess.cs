using Kta.Functional.Operator;

namespace Kta.Cli;

/// <summary>One connection to Kubernetes for all policies, opened when the first of them needs it.</summary>
/// <param name="kubeconfig">The file that is given; null to look for one.</param>
/// <param name="context">The context of it that is given.</param>
internal sealed class ClusterAccess(string? kubeconfig, string? context) : IDisposable
{
    private KubernetesConnection? _connection;

    /// <summary>Whether a cluster is named, or is the one this process runs in. One that only stands in a user's home is not.</summary>
    internal bool IsMeant => kubeconfig is not null || context is not null || KubernetesConnection.IsInCluster;

    /// <exception cref="UsageException">There is none.</exception>
    internal KubernetesConnection Connection
    {
        get
        {
            try
            {
                return _connection ??= KubernetesConnection.Open(kubeconfig, context);
            }
            catch (ScalingException error)
            {
                throw new UsageException($"{error.Message} It is given with --kubeconfig; --dry-run scales nothing.");
            }
        }
    }

    public void Dispose() => _connection?.Dispose();
}
