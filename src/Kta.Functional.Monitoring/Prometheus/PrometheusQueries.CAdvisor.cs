using System.Globalization;

namespace Kta.Functional.Monitoring;

/// <content>The pods of Deployments, by cAdvisor and kube-state-metrics.</content>
public static partial class PrometheusQueries
{
    /// <summary>The letters of the parts that Kubernetes makes up.</summary>
    private const string MadeUp = "[bcdfghjklmnpqrstvwxz2456789]";

    /// <summary>
    /// CPU of Deployments. Relies on the labels <c>namespace</c> and <c>pod</c>: the pods of the Deployment <c>orders</c> are called <c>orders-</c>, the hash of the replica set and
    /// five letters. Kubernetes cuts the names of pods where that of the Deployment has more than 46 letters: those are not found. kube-state-metrics has to be scraped with
    /// <c>honor_labels: true</c>, or its label <c>pod</c> is its own pod.
    /// </summary>
    /// <param name="kubernetesNamespace">The namespace.</param>
    /// <param name="matchers">Further conditions in PromQL, for example <c>cluster="eu"</c>; null: none.</param>
    /// <param name="window">The time of the rates, which needs two scrapes; null: two minutes, for cAdvisor looks seldom. Give it four scrape intervals.</param>
    /// <returns>
    /// <list type="table">
    /// <item><term>cpu</term><description>the mean over the pods of <c>rate(container_cpu_usage_seconds_total[120s])</c>, in cores, divided by what the pod requests
    /// (<c>kube_pod_container_resource_requests{resource="cpu"}</c> of kube-state-metrics). A pod that requests none is left out.</description></item>
    /// <item><term>parallelism</term><description>the number of pods that cAdvisor saw within half of the window: its samples have times of their own, and those of pods
    /// that are gone stay for five minutes.</description></item>
    /// </list>
    /// </returns>
    /// <exception cref="ArgumentException">The namespace is empty, or the window is shorter than a second.</exception>
    public static IReadOnlyList<PrometheusQuery> CAdvisor(string kubernetesNamespace, string? matchers = null, TimeSpan? window = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(kubernetesNamespace);
        string?[] pods = [Equal("namespace", kubernetesNamespace), $"pod=~\"{NodePlaceholder.Word}-{MadeUp}{{1,10}}-{MadeUp}{{5}}\"", matchers];
        var used = Select("container_cpu_usage_seconds_total", [.. pods, "container!=\"\"", "container!=\"POD\""]);
        var requested = Select("kube_pod_container_resource_requests", [.. pods, "resource=\"cpu\""]);
        var over = window ?? TimeSpan.FromMinutes(2);
        return
        [
            new PrometheusQuery(Quantity.Cpu, $"avg(sum by (pod) (rate({used}{Window(over)})) / sum by (pod) ({requested}))"),
            new PrometheusQuery(Quantity.Parallelism, string.Create(CultureInfo.InvariantCulture, $"count(count by (pod) (timestamp({used}) > time() - {over.TotalSeconds / 2}))")),
        ];
    }
}
