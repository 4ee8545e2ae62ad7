using System.Globalization;
using Kta.Functional.Algorithms;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Settings of a rule that the application knows: they stand where none is given.</summary>
internal static class ApplicationSettings
{
    /// <exception cref="ArgumentException">A setting that is given is wrong.</exception>
    internal static IReadOnlyList<KeyValuePair<string, string?>> Beneath(
        string rule, IReadOnlyList<KeyValuePair<string, string?>> given, Application application)
    {
        var known = Autoscaler.SettingsOf(rule, given).Select(setting => setting.Key).ToHashSet();
        var named = given.Select(setting => setting.Key.Replace(':', '.')).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return [.. Of(application).Where(setting => known.Contains(setting.Key) && !named.Contains(setting.Key)), .. given];
    }

    private static IEnumerable<KeyValuePair<string, string?>> Of(Application application) =>
    [
        new("sloSeconds", Seconds(application.Objective.Lag)),
        new("intervalSeconds", Seconds(application.Interval)),
        new("downtimeSeconds", Seconds(application.Downtime)),
        new("warmUpSeconds", Seconds(application.WarmUp)),
        new("minParallelism", Text(application.Limits.Min)),
        new("maxParallelism", Text(application.Limits.Max)),
        new("minReplicas", Text(application.Limits.Min)),
        new("maxReplicas", Text(application.Limits.Max)),
    ];

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString(CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
