using Kta.Functional.Algorithms;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>The settings that are tried: the present ones, and a Sobol sample of the ranges.</summary>
/// <param name="Algorithm">The name of a rule.</param>
/// <param name="Fixed">Settings that stay.</param>
/// <param name="Ranges">Settings that are searched.</param>
internal sealed record Search(string Algorithm, IReadOnlyList<KeyValuePair<string, string?>> Fixed, IReadOnlyList<SettingRange> Ranges)
{
    /// <exception cref="UsageException">There is nothing to search, or nothing that makes sense.</exception>
    internal static Search Of(string algorithm, IReadOnlyList<KeyValuePair<string, string?>> settings)
    {
        if (!Autoscaler.Names.Contains(algorithm.ToLowerInvariant()))
        {
            throw new UsageException($"{algorithm} has no settings to tune. Those that have: {string.Join(", ", Autoscaler.Names)}.");
        }

        var read = settings.Select(setting => (Setting: setting, Range: SettingRange.Parse(setting.Key, setting.Value!))).ToList();
        var search = new Search(
            algorithm.ToLowerInvariant(),
            [.. read.Where(one => one.Range is null).Select(one => one.Setting)],
            [.. read.Select(one => one.Range).OfType<SettingRange>()]);
        if (search.Ranges.Count == 0 || search.Ranges.Count > SobolSequence.MostDimensions)
        {
            throw new UsageException(
                search.Ranges.Count == 0
                    ? "There is nothing to search: give a setting a range, such as --set latePrice=1..10."
                    : $"{search.Ranges.Count} ranges are too many, {SobolSequence.MostDimensions} can be searched at once.");
        }

        return search with { Ranges = [.. search.Ranges.Select(search.Asked)] };
    }

    /// <summary>The settings number 0 are the present ones.</summary>
    internal IReadOnlyList<KeyValuePair<string, string?>> At(int number)
    {
        if (number == 0)
        {
            return Fixed;
        }

        var point = SobolSequence.Point((uint)number, Ranges.Count);
        return [.. Fixed, .. Ranges.Select((range, i) => KeyValuePair.Create(range.Name, (string?)range.At(point[i])))];
    }

    internal async Task<RunFigures> RunAsync(int number, Application application, int? history, CancellationToken cancellationToken)
    {
        var run = await new Experiment(application, new RulePolicy(Algorithm, At(number)), history).RunAsync(null, cancellationToken);
        return RunFigures.Of(run.Samples, run.Changes, application.Objective);
    }

    /// <summary>The rule knows whether a setting is a whole number.</summary>
    private SettingRange Asked(SettingRange range)
    {
        try
        {
            Autoscaler.SettingsOf(Algorithm, [.. Fixed, new(range.Name, range.At(0.123456))]);
            return range;
        }
        catch (ArgumentException error) when (error.Message.Contains("a whole number", StringComparison.Ordinal))
        {
            return range with { IsWhole = true };
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"{Algorithm}: {error.Message}");
        }
    }
}
