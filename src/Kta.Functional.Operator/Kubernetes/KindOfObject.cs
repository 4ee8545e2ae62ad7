using k8s;

namespace Kta.Functional.Operator.Kubernetes;

/// <summary>How the API server calls objects of a kind.</summary>
/// <param name="Group">Their API group; empty for the core.</param>
/// <param name="Version">The version of the group.</param>
/// <param name="Plural">Their name in paths.</param>
internal sealed record KindOfObject(string Group, string Version, string Plural)
{
    /// <exception cref="ScalingException">There is no such kind, or none that can be scaled.</exception>
    internal static async Task<KindOfObject> DiscoverAsync(
        IKubernetes client, string apiVersion, string kind, ApiCalls calls, CancellationToken cancellationToken)
    {
        var (group, version) = apiVersion.Split('/', 2) is [var one, var two] ? (one, two) : ("", apiVersion);
        var request = new ApiRequest($"Kind {kind} of {apiVersion}", "get", group, "", null);
        var resources = (await calls.MakeAsync(
            request,
            token => group.Length == 0 ? client.CoreV1.GetAPIResourcesAsync(token) : client.CustomObjects.GetAPIResourcesAsync(group, version, token),
            cancellationToken).ConfigureAwait(false)).Resources ?? [];
        var found = resources.FirstOrDefault(resource => resource.Kind == kind && resource.Namespaced && !resource.Name.Contains('/', StringComparison.Ordinal));
        var scalable = resources.Where(resource => resources.Any(other => other.Name == $"{resource.Name}/scale")).Select(resource => resource.Kind).Distinct().ToList();
        var others = scalable.Count == 0 ? "Nothing of it can." : $"What can be scaled: {string.Join(", ", scalable)}.";
        return found is null ? throw new ScalingException($"{apiVersion} has no kind {kind} of objects in namespaces. {others}")
            : scalable.Contains(kind) ? new(group, version, found.Name)
            : throw new ScalingException($"{kind} of {apiVersion} cannot be scaled: it has no scale subresource. {others}");
    }
}
