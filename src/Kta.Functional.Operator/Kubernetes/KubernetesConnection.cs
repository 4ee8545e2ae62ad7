using System.Collections.Concurrent;
using k8s;
using k8s.Exceptions;
using Kta.Functional.Operator.Kubernetes;
using YamlDotNet.Core;

namespace Kta.Functional.Operator;

/// <summary>A connection to the API server of a cluster. One serves all policies of a process.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class KubernetesConnection : IDisposable
{
    private readonly ConcurrentDictionary<(string ApiVersion, string Kind), KindOfObject> _kinds = [];

    /// <summary>A connection as somebody has made it.</summary>
    /// <param name="client">Its client; ends with it.</param>
    public KubernetesConnection(IKubernetes client)
    {
        ArgumentNullException.ThrowIfNull(client);
        Client = client;
    }

    /// <summary>Whether this process is a pod of a cluster.</summary>
    internal static bool IsInCluster => KubernetesClientConfiguration.IsInCluster();

    internal IKubernetes Client { get; }

    /// <summary>Where it leads, for messages.</summary>
    internal string Name => $"Kubernetes at {Client.BaseUri.ToString().TrimEnd('/')}";

    /// <summary>Connects as kubectl does: by a given file, else by KUBECONFIG or <c>~/.kube/config</c>, else as a pod of the cluster.</summary>
    /// <param name="kubeconfig">The file; null to look for one.</param>
    /// <param name="context">The context of the file; null for its current one.</param>
    /// <exception cref="ScalingException">There is no such file, it cannot be read, or this is no pod either; nothing has been sent yet.</exception>
    public static KubernetesConnection Open(string? kubeconfig = null, string? context = null)
    {
        var file = kubeconfig ?? (Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } ? null : KubernetesClientConfiguration.KubeConfigDefaultLocation);
        try
        {
            var isGiven = kubeconfig is not null || file is null;
            return isGiven || File.Exists(file)
                ? new(new k8s.Kubernetes(ByFile(kubeconfig, context)))
                : IsInCluster
                    ? new(new k8s.Kubernetes(KubernetesClientConfiguration.InClusterConfig()))
                    : throw new ScalingException($"No cluster is known: there is no {file}, and this is no pod of one. Give a kubeconfig.");
        }
        catch (NullReferenceException error)
        {
            // That is what the client's reader makes of a file without contents.
            throw new ScalingException($"{kubeconfig ?? "The kubeconfig"} cannot be used: it is empty. Check it with kubectl.", error);
        }
        catch (Exception error) when (error is KubeConfigException or YamlException or IOException or UnauthorizedAccessException or FormatException or ArgumentException or System.Security.Cryptography.CryptographicException)
        {
            throw new ScalingException($"{kubeconfig ?? "The kubeconfig"} cannot be used: {error.Message.TrimEnd('.')}. Check it with kubectl.", error);
        }
    }

    /// <summary>An object whose number of replicas can be read and set, such as the Deployment of Flink's task managers.</summary>
    /// <param name="namespace">Its namespace.</param>
    /// <param name="apiVersion">Its group and version, such as <c>apps/v1</c>.</param>
    /// <param name="kind">Its kind, such as <c>Deployment</c>.</param>
    /// <param name="name">Its name.</param>
    public IReplicas Replicas(string @namespace, string apiVersion, string kind, string name) => new ObjectScale(this, @namespace, apiVersion, kind, name, new());

    /// <summary>Closes it.</summary>
    public void Dispose() => Client.Dispose();

    /// <summary>How the API server calls objects of a kind. It is asked once.</summary>
    internal async Task<KindOfObject> KindOfAsync(string apiVersion, string kind, ApiCalls calls, CancellationToken cancellationToken) =>
        _kinds.TryGetValue((apiVersion, kind), out var known)
            ? known
            : _kinds[(apiVersion, kind)] = await KindOfObject.DiscoverAsync(Client, apiVersion, kind, calls, cancellationToken).ConfigureAwait(false);

    private static KubernetesClientConfiguration ByFile(string? kubeconfig, string? context) => kubeconfig is null
        ? KubernetesClientConfiguration.BuildConfigFromConfigObject(KubernetesClientConfiguration.LoadKubeConfig(), context)
        : KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig, context);
}
