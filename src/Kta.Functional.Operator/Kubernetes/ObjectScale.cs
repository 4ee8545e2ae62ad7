using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Kta.Functional.Operator.Kubernetes;

/// <summary>The scale subresource of an object.</summary>
internal sealed class ObjectScale(
    KubernetesConnection connection, string @namespace, string apiVersion, string kind, string name, KubernetesScaleDriverOptions options) : IReplicas
{
    private const int MostConflicts = 5;

    private readonly ApiCalls _calls = new(connection.Name, options.CallLimit, options.Patience, options.Clock);

    public string Name => $"{kind} {name} in namespace {@namespace}";

    /// <summary>Which object it is; null until it has been read.</summary>
    internal string? Uid { get; private set; }

    public async Task<int> ReadAsync(CancellationToken cancellationToken) =>
        ReplicasOf(await GetAsync(await KindAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false));

    public Task ScaleAsync(int replicas, CancellationToken cancellationToken) => ChangeAsync(replicas, cancellationToken);

    /// <summary>Reads it, and changes it if it differs.</summary>
    /// <exception cref="ScalingException">It cannot be read, or is refused.</exception>
    internal async Task<ScaleChange> ChangeAsync(int replicas, CancellationToken cancellationToken)
    {
        var kindOf = await KindAsync(cancellationToken).ConfigureAwait(false);
        for (var attempt = 1; ; attempt++)
        {
            var now = await GetAsync(kindOf, cancellationToken).ConfigureAwait(false);
            var change = new ScaleChange(ReplicasOf(now), now.Status?.Replicas, ReplicasOf(now) != replicas);
            try
            {
                if (change.IsSent)
                {
                    await PutAsync(kindOf, now, replicas, cancellationToken).ConfigureAwait(false);
                }

                return change;
            }
            catch (ScalingException error) when (attempt < MostConflicts && error.InnerException is HttpOperationException { Response.StatusCode: HttpStatusCode.Conflict })
            {
                // Somebody else was faster: what it is now is read again.
            }
        }
    }

    private static int ReplicasOf(V1Scale scale) => scale.Spec?.Replicas ?? 0;

    private Task<KindOfObject> KindAsync(CancellationToken cancellationToken) => connection.KindOfAsync(apiVersion, kind, _calls, cancellationToken);

    private async Task<V1Scale> GetAsync(KindOfObject kindOf, CancellationToken cancellationToken)
    {
        var scale = await _calls.MakeAsync(
            RequestTo("get", kindOf),
            token => kindOf.Group.Length == 0
                ? connection.Client.CoreV1.ReadNamespacedReplicationControllerScaleAsync(name, @namespace, cancellationToken: token)
                : connection.Client.CustomObjects.GetNamespacedCustomObjectScaleAsync<V1Scale>(kindOf.Group, kindOf.Version, @namespace, kindOf.Plural, name, token),
            cancellationToken).ConfigureAwait(false);
        Uid = scale.Metadata?.Uid;
        return scale;
    }

    private Task<V1Scale> PutAsync(KindOfObject kindOf, V1Scale now, int replicas, CancellationToken cancellationToken)
    {
        var (dryRun, body) = (options.DryRun ? "All" : null, new V1Scale
        {
            ApiVersion = "autoscaling/v1",
            Kind = "Scale",
            Metadata = new() { Name = name, NamespaceProperty = @namespace, ResourceVersion = now.Metadata?.ResourceVersion },
            Spec = new() { Replicas = replicas },
        });
        return _calls.MakeAsync(
            RequestTo("update", kindOf),
            token => kindOf.Group.Length == 0
                ? connection.Client.CoreV1.ReplaceNamespacedReplicationControllerScaleAsync(body, name, @namespace, dryRun, cancellationToken: token)
                : connection.Client.CustomObjects.ReplaceNamespacedCustomObjectScaleAsync<V1Scale>(
                    body, kindOf.Group, kindOf.Version, @namespace, kindOf.Plural, name, dryRun, cancellationToken: token),
            cancellationToken);
    }

    private ApiRequest RequestTo(string verb, KindOfObject kindOf) => new(Name, verb, kindOf.Group, $"{kindOf.Plural}/scale", @namespace);
}

/// <summary>What became of a number of replicas.</summary>
/// <param name="Before">What was asked for before.</param>
/// <param name="Running">What there was; null if it does not say.</param>
/// <param name="IsSent">Whether something else was asked for.</param>
internal sealed record ScaleChange(int Before, int? Running, bool IsSent);
