using Kta.Functional;
using Kta.Functional.Files;
using Kta.Functional.Operator;
using WatchedRescale = Kta.Functional.Operator.Rescale;

namespace Kta.Cli;

/// <summary>What a store says about a policy in a stretch of time, in the order of time.</summary>
internal sealed record StoredRun(
    string Policy,
    IReadOnlyList<StoredIteration> Iterations,
    IReadOnlyList<StoredFailure> Failures,
    IReadOnlyList<StoredSettings> Settings,
    IReadOnlyList<WatchedRescale> Rescales)
{
    /// <summary>The store of kta run where no other is named.</summary>
    internal const string DefaultFile = "kta.db";

    internal static StoredRun Read(KnowledgeStore store, string policy, TimeRange range) => new(
        policy,
        [.. store.Read(policy, range.From, range.To).OrderBy(one => one.EndedAt)],
        [.. store.Failures(policy, range.From, range.To).OrderBy(one => one.At)],
        [.. store.Settings(policy, range.From, range.To).OrderBy(one => one.At)],
        [.. store.Rescales(policy, range.From, range.To).OrderBy(one => one.StartedAt)]);

    internal bool IsEmpty => Iterations.Count + Failures.Count + Settings.Count + Rescales.Count == 0;

    /// <summary>What a node ran with before an iteration: as it was seen, else as it had been applied last; null if neither is known.</summary>
    internal int? Before(int iteration, TopologyNode node)
    {
        var at = Iterations[iteration];
        return at.Scaling?.Nodes.FirstOrDefault(one => one.Node == node)?.Observed
            ?? at.Explanation?.Nodes.FirstOrDefault(one => one.Node == node)?.Current
            ?? (iteration > 0 && Iterations[iteration - 1].Parallelism.ContainsKey(node) ? Applied(iteration - 1, node) : null);
    }

    /// <summary>What a node was to run with: as it was scaled, for bounds may have changed before that, else as it was decided.</summary>
    internal int Applied(int iteration, TopologyNode node) =>
        Iterations[iteration].Scaling?.Nodes.FirstOrDefault(one => one.Node == node)?.Wanted ?? Iterations[iteration].Parallelism[node];

    /// <summary>The policy of a store that is meant: by its full name, or without its namespace where that is enough, or by its file.</summary>
    internal static string PolicyOf(KnowledgeStore store, string file, string wanted)
    {
        wanted = IsPolicyFile(wanted) ? OnlyPolicyOf(wanted) : wanted;
        var stored = store.Policies;
        var found = stored.Contains(wanted) ? [wanted] : stored.Where(name => WithoutNamespace(name) == wanted).ToArray();
        return found switch
        {
            [var only] => only,
            [] when stored.Count == 0 => throw new CommandFailedException($"{file} holds no policy yet."),
            [] => throw new CommandFailedException($"{file} holds no policy '{SafeExcerpt.Of(wanted)}'{SimilarName.Hint(wanted, wanted.Contains('/', StringComparison.Ordinal) ? stored : [.. stored.Select(WithoutNamespace)])}"),
            _ => throw new CommandFailedException($"{file} holds several policies '{SafeExcerpt.Of(wanted)}': say {string.Join(" or ", found)}."),
        };
    }

    /// <summary>Whether a file of policies is named, as kta run takes them.</summary>
    internal static bool IsPolicyFile(string name) => Path.GetExtension(name) is ".yaml" or ".yml" && File.Exists(name);

    private static string OnlyPolicyOf(string path) => PolicyFile.Read(path).Policies switch
    {
        [var only] => only.FullName,
        [] => throw new CommandFailedException($"{path} has no policy."),
        var several => throw new CommandFailedException($"{path} has several policies: say {string.Join(" or ", several.Select(one => one.FullName))}."),
    };

    private static string WithoutNamespace(string policy) => policy[(policy.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
