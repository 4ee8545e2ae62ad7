using System.Globalization;
using Kta.Functional.Simulation;
using static System.FormattableString;

namespace Kta.Cli;

/// <summary>Numbers and times as people read them.</summary>
internal static class Phrase
{
    /// <summary><c>250k</c>, <c>1.2M</c>, <c>12.5</c>.</summary>
    internal static string Count(double number) => Math.Abs(number) switch
    {
        >= 999_950_000 => Invariant($"{number / 1e9:0.#}G"),
        >= 999_950 => Invariant($"{number / 1e6:0.#}M"),
        >= 9_999.5 => Invariant($"{number / 1e3:0}k"),
        >= 1_000 => Invariant($"{number / 1e3:0.0}k"),
        >= 100 => Invariant($"{number:0}"),
        _ => Invariant($"{number:0.#}"),
    };

    /// <summary><c>2 h 20 min</c>, <c>2 min 12 s</c>, <c>30 s</c>.</summary>
    internal static string Length(TimeSpan time)
    {
        var whole = TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));
        var parts = new (long Count, string Unit)[] { (whole.Days, "d"), (whole.Hours, "h"), (whole.Minutes, "min"), (whole.Seconds, "s") };
        var said = parts.Where(part => part.Count > 0).Take(2).Select(part => Invariant($"{part.Count} {part.Unit}")).ToArray();
        return said.Length == 0 ? "0 s" : string.Join(' ', said);
    }

    /// <summary>A moment since the start: <c>01:42</c>, with seconds where it has some.</summary>
    internal static string Moment(TimeSpan time) =>
        Invariant($"{(long)time.TotalHours:00}:{time.Minutes:00}") + (time.Seconds == 0 ? "" : Invariant($":{time.Seconds:00}"));

    internal static string Confidence(FitConfidence confidence) => confidence == FitConfidence.High ? "high" : "low";

    internal static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    /// <summary>The size of a file: <c>4 MB</c>.</summary>
    internal static string Size(long bytes) => bytes >= 1_000_000 ? Invariant($"{bytes / 1e6:0.#} MB") : Invariant($"{Math.Ceiling(bytes / 1e3)} kB");
}
