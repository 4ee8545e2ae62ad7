using System.Globalization;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace Kta.Functional.Operator.Kubernetes;

/// <summary>What is asked of the API server, and what its refusals mean.</summary>
/// <param name="Subject">What it is about, such as <c>Deployment orders in namespace shop</c>.</param>
/// <param name="Verb">The verb of the right it needs.</param>
/// <param name="Group">The API group of the right.</param>
/// <param name="Resource">The resource of the right.</param>
/// <param name="Namespace">Where the right is needed; null in the whole cluster.</param>
internal sealed record ApiRequest(string Subject, string Verb, string Group, string Resource, string? Namespace)
{
    internal string TooOften(HttpOperationException error, TimeSpan wait, TimeSpan patience) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Answered(error)} It wants to be asked again in {wait.TotalSeconds:0.###} s; with that, waiting would take longer than {patience.TotalSeconds:0.###} s. It is tried again with the next decision.");

    internal string Refused(HttpOperationException error)
    {
        var said = SaidIn(error);
        return $"{Answered(error)} {(int)error.Response.StatusCode switch
        {
            401 => "The API server does not know who asks: the token or certificate has expired, or is that of another cluster.",
            _ when said.Contains("exceeded quota", StringComparison.OrdinalIgnoreCase) =>
                $"A quota does not allow it: raise the ResourceQuota of namespace {Namespace}, or lower maxParallelism of the policy.",
            _ when IsAdmission(said) => "Admission has denied it: see the webhook or policy that is named, or keep the policy within what it allows.",
            _ when said.Contains("being terminated", StringComparison.OrdinalIgnoreCase) => "The namespace is being deleted.",
            403 when Resource.Length == 0 => "Who asks may not see which kinds there are: bind it to the ClusterRole system:discovery.",
            403 => $"The right to {Verb} {Resource} is missing: add to a Role {(Namespace is null ? "of the cluster" : $"in namespace {Namespace}")} the rule apiGroups [\"{Group}\"], resources [\"{Resource}\"], verbs [\"{Verb}\"], and bind it to who asks.",
            404 => Resource.Length == 0 ? "Is what defines it installed in the cluster, and is apiVersion right?" : "Does it exist in this namespace under this name? Check the policy.",
            409 => "Somebody else changes it all the time, a HorizontalPodAutoscaler perhaps: leave one of them.",
            400 or 422 => "Is the number of replicas one that this kind allows?",
            >= 500 => "The fault is the API server's, or that of a webhook it calls.",
            _ => "It is tried again with the next decision.",
        }}";
    }

    /// <summary>The reason a reply gives in the API's own shape; null if it has another.</summary>
    internal static V1Status? StatusIn(string? content)
    {
        try
        {
            return content is { Length: > 0 } && KubernetesJson.Deserialize<V1Status>(content) is { Kind: "Status" } status ? status : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }

    private string Answered(HttpOperationException error) =>
        $"{Subject}: {error.Request.Method} {error.Request.RequestUri.AbsolutePath} was answered {(int)error.Response.StatusCode}{(SaidIn(error) is { Length: > 0 } said ? $": {said.TrimEnd('.')}" : "")}.";

    private static string SaidIn(HttpOperationException error) =>
        SafeExcerpt.OfLine((StatusIn(error.Response.Content)?.Message ?? error.Response.Content ?? "").Trim());

    private static bool IsAdmission(string said) =>
        said.Contains("admission webhook", StringComparison.OrdinalIgnoreCase)
        || said.Contains("denied the request", StringComparison.OrdinalIgnoreCase)
        || said.Contains("ValidatingAdmissionPolicy", StringComparison.OrdinalIgnoreCase);
}
