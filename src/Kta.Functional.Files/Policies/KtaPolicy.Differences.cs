using System.Globalization;

namespace Kta.Functional.Files;

/// <content>What has changed in a file that is read again.</content>
public sealed partial record KtaPolicy
{
    private const string None = "none";

    /// <summary>Says in words what is different, such as <c>maxParallelism 8 → 12</c>, with the names of the file.</summary>
    /// <param name="before">A policy.</param>
    /// <param name="after">The same policy later.</param>
    /// <returns>A line for each difference; empty if they are equal.</returns>
    public static IReadOnlyList<string> Differences(KtaPolicy before, KtaPolicy after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return
        [
            .. Changed(before.Identity(), after.Identity()),
            .. Changed(before.Settings.Select(SettingOf), after.Settings.Select(SettingOf)),
            .. Reordered("settings", before.Settings.Select(setting => setting.Key), after.Settings.Select(setting => setting.Key)),
            .. Changed(before.Behavior(), after.Behavior()),
            .. Changed(before.Nodes(), after.Nodes()),
            .. Reordered("topology", before.Topology.Select(node => node.ToString()), after.Topology.Select(node => node.ToString())),
            .. Changed(before.Driver(), after.Driver()),
        ];

        static (string, string?) SettingOf(KeyValuePair<string, string?> setting) => ($"setting {setting.Key}", setting.Value);
    }

    private IEnumerable<(string Name, string? Value)> Identity() =>
    [
        ("name", Name),
        ("namespace", Namespace),
        ("algorithm", Algorithm),
        ("monitor", Monitors.Count == 0 ? null : string.Join(", ", Monitors)),
    ];

    private IEnumerable<(string Name, string? Value)> Behavior() =>
    [
        ("reconciliationIntervalSeconds", Interval.TotalSeconds.ToString(CultureInfo.InvariantCulture)),
        ("minParallelism", MinParallelism.ToString(CultureInfo.InvariantCulture)),
        ("maxParallelism", MaxParallelism == int.MaxValue ? null : MaxParallelism.ToString(CultureInfo.InvariantCulture)),
        ("resultHistoryLength", HistoryLength?.ToString(CultureInfo.InvariantCulture)),
        ("monitorEndpoint", MonitorEndpoint?.AbsoluteUri),
        ("analyzeEndpoint", AnalyzeEndpoint?.AbsoluteUri),
        ("planEndpoint", PlanEndpoint?.AbsoluteUri),
    ];

    private IEnumerable<(string Name, string? Value)> Nodes() => Topology.Select(node => ($"node {node}", (string?)"scaled"));

    private IEnumerable<(string Name, string? Value)> Driver() => Target switch
    {
        FlinkTarget flink =>
        [
            ("type", "Flink"),
            ("flinkJobManagerBaseUrl", flink.JobManager.AbsoluteUri),
            ("flinkJobId", flink.JobId),
            ("flinkTaskManagerDeploymentName", flink.TaskManagers?.Name),
            ("flinkJobDeploymentType", flink.TaskManagers?.Slots.ToString()),
        ],
        KubernetesTarget { Objects: var objects } => [("type", "GenericKubernetes"), .. objects.Select(one => ($"apiVersion of {one.Node}", (string?)one.ApiVersion))],
        _ => [],
    };

    private static IEnumerable<string> Changed(IEnumerable<(string Name, string? Value)> before, IEnumerable<(string Name, string? Value)> after)
    {
        var (old, now) = (before.ToList(), after.ToList());
        return old.Select(member => member.Name).Union(now.Select(member => member.Name))
            .Select(name => (Name: name, From: Of(old, name), To: Of(now, name)))
            .Where(member => member.From != member.To)
            .Select(member => $"{member.Name} {member.From ?? None} → {member.To ?? None}");

        static string? Of(List<(string Name, string? Value)> members, string name) => members.Find(member => member.Name == name).Value;
    }

    /// <summary>The same in another order; what is new or gone is told by itself.</summary>
    private static IEnumerable<string> Reordered(string name, IEnumerable<string> before, IEnumerable<string> after)
    {
        var (old, now) = (before.ToList(), after.ToList());
        var (kept, left) = (old.Where(now.Contains).ToList(), now.Where(old.Contains).ToList());
        return kept.SequenceEqual(left)
            ? []
            : [$"order of {name} {string.Join(", ", old)} → {string.Join(", ", now)}"];
    }
}
