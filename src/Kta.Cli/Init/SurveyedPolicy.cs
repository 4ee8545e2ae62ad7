using Kta.Functional;
using Kta.Functional.Files;
using Kta.Functional.Monitoring.Flink;

namespace Kta.Cli;

/// <summary>A policy of a running job, which the operator takes and <c>kta run</c> too.</summary>
internal static class SurveyedPolicy
{
    private const int LeastRoom = 8;

    internal static KtaPolicy Of(FlinkSurvey job, Uri jobManager)
    {
        var name = NameOf(job.Name);
        Uri Step(string step) => new($"http://kta-{name}:8096/api/v1alpha1/{step}");
        return new()
        {
            Name = name,
            Algorithm = Policy.Default,
            Monitors = [$"flink:{jobManager.OriginalString}#{(job.Name.Any(char.IsControl) || job.Name.Trim() != job.Name || job.Name.Length == 0 ? job.Id : job.Name)}"],
            Interval = TimeSpan.FromSeconds(60),
            MinParallelism = 1,
            MaxParallelism = MostInstances(job),
            HistoryLength = 100,
            MonitorEndpoint = Step("monitor"),
            AnalyzeEndpoint = Step("analyze"),
            PlanEndpoint = Step("plan"),
            Topology = new(job.Vertices.Select(vertex => TopologyNode.Flink(vertex.Id))),
            Target = new FlinkTarget(jobManager, job.Id, null),
        };
    }

    /// <summary>The slots there are or twice what runs, and no more than the key groups of any vertex, above which Flink refuses all of a plan.</summary>
    internal static int MostInstances(FlinkSurvey job)
    {
        var now = (int)job.Vertices.Max(vertex => vertex.Parallelism is >= 1 and < 1 << 15 and var count ? count : 1);
        var groups = job.Vertices.Min(vertex => vertex.MaxParallelism is >= 1 and < 1 << 15 and var most ? (int)most : 1 << 15);
        return Math.Min(groups, Math.Max(job.Slots ?? 0, Math.Max(LeastRoom, 2 * now)));
    }

    /// <summary>A name that a policy, and with <c>kta-</c> before it a Service, can have.</summary>
    internal static string NameOf(string job)
    {
        var name = new string([.. job.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-').Take(50)]);
        name = string.Join('-', name.Split('-', StringSplitOptions.RemoveEmptyEntries));
        return name.Length == 0 ? "job" : name;
    }
}
