using System.Globalization;
using System.Text.Json;

namespace Kta.Functional.Monitoring.Servers;

/// <summary>A part of a reply, with where it stands and how to complain about it.</summary>
internal readonly struct ReplyNode(JsonElement element, string path, Func<string, MonitoringException> refuse)
{
    /// <summary>Whether it is there, and not null.</summary>
    internal bool IsThere => element.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    /// <summary>A member of an object; one that is not there if there is none.</summary>
    internal ReplyNode this[string name]
    {
        get
        {
            if (element.ValueKind != JsonValueKind.Object)
            {
                throw Refused("an object");
            }

            try
            {
                return new(element.TryGetProperty(name, out var member) ? member : default, $"{path}.{name}", refuse);
            }
            catch (InvalidOperationException)
            {
                throw Refused("an object with names in Unicode");
            }
        }
    }

    /// <summary>The elements of a list.</summary>
    internal IEnumerable<ReplyNode> Items()
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw Refused("a list");
        }

        var (all, at, no) = (element, path, refuse);
        return all.EnumerateArray().Select((item, i) => new ReplyNode(item, string.Create(CultureInfo.InvariantCulture, $"{at}[{i}]"), no));
    }

    internal string Text()
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Refused("a text");
        }
        catch (InvalidOperationException)
        {
            throw Refused("a text in Unicode");
        }
    }

    /// <summary>A number, or a text that is one; NaN and infinities are numbers here.</summary>
    internal double Number() =>
        element.ValueKind switch
        {
            JsonValueKind.Number when element.TryGetDouble(out var number) => number,
            JsonValueKind.String when NumberOf(Text()) is { } number => number,
            _ => throw Refused("a number"),
        };

    internal bool Flag() => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Refused("true or false");

    internal MonitoringException Refused(string expected) =>
        refuse($"was answered with something else than documented: {path} should be {expected}, found {Found()}.");

    private static double? NumberOf(string text) => text switch
    {
        "NaN" => double.NaN,
        "Infinity" or "+Inf" or "Inf" => double.PositiveInfinity,
        "-Infinity" or "-Inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number : null,
    };

    private string Found() => element.ValueKind == JsonValueKind.Undefined ? "nothing" : SafeExcerpt.Of(element.GetRawText());
}
