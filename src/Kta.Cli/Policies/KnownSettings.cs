using System.Globalization;
using Kta.Functional.Algorithms;
using Kta.Functional.Files;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Settings of a rule that are known from elsewhere: they stand where none is given.</summary>
internal static class KnownSettings
{
    /// <exception cref="ArgumentException">A setting that is given is wrong.</exception>
    internal static IReadOnlyList<KeyValuePair<string, string?>> Beneath(
        string rule, IReadOnlyList<KeyValuePair<string, string?>> given, IEnumerable<KeyValuePair<string, string?>> known)
    {
        var has = Autoscaler.SettingsOf(rule, given).Select(setting => setting.Key).ToHashSet();
        var named = given.Select(setting => setting.Key.Replace(':', '.')).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. known.Where(setting => has.Contains(setting.Key) && !named.Contains(setting.Key)), .. given];
    }

    /// <summary>What an application file says.</summary>
    internal static IEnumerable<KeyValuePair<string, string?>> Of(Application application) =>
    [
        new("sloSeconds", Seconds(application.Objective.Lag)),
        new("warmUpSeconds", Seconds(application.WarmUp)),
        .. Of(application.Interval, application.Downtime, application.Limits.Min, application.Limits.Max),
    ];

    /// <summary>What a policy says, and how long its rescales took that were watched.</summary>
    internal static IEnumerable<KeyValuePair<string, string?>> Of(KtaPolicy policy, TimeSpan? downtime) =>
        Of(policy.Interval, downtime, policy.MinParallelism, policy.MaxParallelism);

    private static IEnumerable<KeyValuePair<string, string?>> Of(TimeSpan interval, TimeSpan? downtime, int min, int max) =>
    [
        new("intervalSeconds", Seconds(interval)),
        .. downtime is { } known ? [new("downtimeSeconds", Seconds(known))] : (IEnumerable<KeyValuePair<string, string?>>)[],
        new("minParallelism", Text(min)),
        new("minReplicas", Text(min)),
        .. max == int.MaxValue ? [] : (IEnumerable<KeyValuePair<string, string?>>)[new("maxParallelism", Text(max)), new("maxReplicas", Text(max))],
    ];

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
