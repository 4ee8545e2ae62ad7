using System.CommandLine;
using System.Globalization;
using Kta.Functional.Files;

namespace Kta.Cli;

/// <summary>A stretch of time, its ends included.</summary>
/// <param name="From">Null: no bound.</param>
/// <param name="To">Null: no bound.</param>
internal sealed record TimeRange(DateTimeOffset? From, DateTimeOffset? To)
{
    internal bool Contains(DateTimeOffset at) => !(at < From) && !(at > To);

    /// <summary><c>, from … to …</c>, or nothing where there is no bound.</summary>
    internal string InWords() =>
        (From is { } from ? $" from {Moment.Text(from)}" : "") + (To is { } to ? $" to {Moment.Text(to)}" : "");
}

/// <summary>The options <c>--from</c> and <c>--to</c>.</summary>
internal sealed class TimeRangeOptions
{
    private readonly Option<DateTimeOffset?> _from = Of("--from", "Only what happened since then: 2026-11-26, 2026-11-26T08:00, 08:00 (today), with Z or an offset, else in local time; or a time ago: 2h.");
    private readonly Option<DateTimeOffset?> _to = Of("--to", "Only what happened until then.");

    internal void AddTo(Command command)
    {
        command.Add(_from);
        command.Add(_to);
    }

    internal TimeRange Of(ParseResult parsed)
    {
        var range = new TimeRange(parsed.GetValue(_from), parsed.GetValue(_to));
        return range.From > range.To ? throw new UsageException($"--from {Moment.Text(range.From.Value)} is after --to {Moment.Text(range.To.Value)}.") : range;
    }

    private static Option<DateTimeOffset?> Of(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (Moment.Parse(text, DateTimeOffset.Now) is { } moment)
            {
                return moment;
            }

            result.AddError($"{name} {text}: expected a time such as 2026-11-26T08:00, 08:00, 2026-11-26T08:00Z, or a time ago such as 90min.");
            return null;
        },
    };
}

/// <summary>Moments of the calendar as people write and read them.</summary>
internal static class Moment
{
    /// <summary>In local time, with its offset: <c>2026-11-26 08:00:01 +01:00</c>.</summary>
    internal static string Text(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture);

    /// <summary>Null if the text is no moment.</summary>
    internal static DateTimeOffset? Parse(string text, DateTimeOffset now)
    {
        if (TimeText.Parse(text) is { } ago)
        {
            return ago >= TimeSpan.Zero && ago < now - DateTimeOffset.UnixEpoch ? now - ago : null;
        }

        if (TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var today))
        {
            return new DateTimeOffset(DateOnly.FromDateTime(now.LocalDateTime).ToDateTime(today, DateTimeKind.Local));
        }

        // A date to begin with: what .NET reads beside it, such as "5/6", means different days to different people.
        return text.Length >= 10 && DateOnly.TryParseExact(text[..10], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var moment)
            ? moment
            : null;
    }
}
