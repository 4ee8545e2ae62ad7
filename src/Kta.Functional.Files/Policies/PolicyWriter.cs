using System.Globalization;
using System.Text;

namespace Kta.Functional.Files;

/// <summary>Makes a file of a policy, with the names that <see cref="PolicyReader"/> knows. What is as by default is left out.</summary>
internal static class PolicyWriter
{
    internal static string Write(KtaPolicy policy)
    {
        var text = new StringBuilder();
        Line(0, "apiVersion", PolicyReader.ApiVersion);
        Line(0, "kind", PolicyReader.Kind);
        Line(0, "metadata", "");
        Text(1, "name", policy.Name);
        Text(1, "namespace", policy.Namespace == "default" ? null : policy.Namespace);
        if (policy.Algorithm is not null || policy.Settings.Count > 0 || policy.Monitors.Count > 0)
        {
            Line(1, "annotations", "");
            Text(2, AnnotationReader.Algorithm, policy.Algorithm);
            Lines(2, AnnotationReader.Settings, policy.Settings.Select(setting => $"{setting.Key}={setting.Value}"));
            Lines(2, AnnotationReader.Monitor, policy.Monitors);
        }

        Line(0, "spec", "");
        Line(1, "behavior", "");
        Line(2, "reconciliationIntervalSeconds", Number((int)Math.Clamp(policy.Interval.TotalSeconds, 0, int.MaxValue)));
        Line(2, "minParallelism", Number(policy.MinParallelism));
        Line(2, "maxParallelism", policy.MaxParallelism == int.MaxValue ? null : Number(policy.MaxParallelism));
        Line(2, "resultHistoryLength", policy.HistoryLength is { } length ? Number(length) : null);
        if (policy.MonitorEndpoint is not null || policy.AnalyzeEndpoint is not null || policy.PlanEndpoint is not null)
        {
            Line(2, "udfs", "");
            Text(3, "monitorEndpoint", policy.MonitorEndpoint?.OriginalString);
            Text(3, "analyzeEndpoint", policy.AnalyzeEndpoint?.OriginalString);
            Text(3, "planEndpoint", policy.PlanEndpoint?.OriginalString);
        }

        Line(1, "scaleDriver", "");
        if (policy.Target is FlinkTarget flink)
        {
            Line(2, "type", "Flink");
            Text(2, "flinkJobManagerBaseUrl", flink.JobManager.OriginalString);
            Text(2, "flinkJobId", flink.JobId);
            Text(2, "flinkTaskManagerDeploymentName", flink.TaskManagers?.Name);
            Line(2, "flinkJobDeploymentType", flink.TaskManagers?.Slots.ToString());
            Line(2, "flinkTopology", "");
            foreach (var node in policy.Topology.OfType<FlinkStreamingGraphNode>())
            {
                text.Append(CultureInfo.InvariantCulture, $"      - {{ id: {YamlText.Of(node.Id)} }}\n");
            }
        }
        else if (policy.Target is KubernetesTarget { Objects: var objects })
        {
            Line(2, "type", "GenericKubernetes");
            Line(2, "genericKubernetesTopology", "");
            foreach (var one in objects)
            {
                var version = one is { Kind: "Deployment", ApiVersion: "apps/v1" } ? "" : $", apiVersion: {YamlText.Of(one.ApiVersion)}";
                text.Append(CultureInfo.InvariantCulture, $"      - {{ kind: {YamlText.Of(one.Kind)}, name: {YamlText.Of(one.Name)}{version} }}\n");
            }
        }

        return text.ToString();

        void Line(int depth, string name, string? value)
        {
            if (value is not null)
            {
                text.Append(' ', 2 * depth).Append(name).Append(value.Length == 0 ? ":" : ": ").Append(value).Append('\n');
            }
        }

        void Text(int depth, string name, string? value) => Line(depth, name, value is null ? null : YamlText.Of(value));

        void Lines(int depth, string name, IEnumerable<string> values)
        {
            switch (values.ToList())
            {
                case []:
                    break;
                case [var one]:
                    Text(depth, name, one);
                    break;
                case var several when several.Exists(one => one.Any(char.IsControl)):
                    Text(depth, name, string.Join('\n', several));
                    break;
                case var several:
                    Line(depth, name, "|");
                    several.ForEach(one => text.Append(' ', (2 * depth) + 2).Append(one).Append('\n'));
                    break;
            }
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
