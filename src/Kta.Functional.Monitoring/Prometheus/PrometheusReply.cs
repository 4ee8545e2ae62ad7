using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kta.Functional.Monitoring;

/// <summary>A number at a time, in seconds since 1970 as it was written.</summary>
internal readonly record struct PrometheusSample(double Time, double Value);

/// <summary>One series of an answer: its labels, and its samples in the order of time.</summary>
internal sealed record PrometheusSeries(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<PrometheusSample> Samples);

/// <summary>What a query answered: a vector has one sample for each series, a scalar is one series without labels.</summary>
/// <param name="Kind">The kind of the result as Prometheus names it.</param>
/// <param name="Series">The series.</param>
/// <param name="EvaluatedAt">The time of a vector or a scalar, as it is written; null of a matrix and of nothing.</param>
/// <param name="Remarks">What the server has to say about the answer: its warnings and infos.</param>
/// <param name="IsPartial">Whether some of the storage did not answer.</param>
internal sealed partial record PrometheusReply(
    string Kind, IReadOnlyList<PrometheusSeries> Series, string? EvaluatedAt, IReadOnlyList<string> Remarks, bool IsPartial)
{
    /// <summary>Reads the body of an answer that went well.</summary>
    /// <exception cref="FormatException">It is none; the message says what is wrong, as the end of a sentence about the answer.</exception>
    internal static PrometheusReply Read(JsonElement root)
    {
        try
        {
            if (Member(root, "status", JsonValueKind.String).GetString() is not "success" and var status)
            {
                throw new FormatException($"has the status \"{Shown(status)}\" instead of success");
            }

            var data = Member(root, "data", JsonValueKind.Object);
            var kind = Member(data, "resultType", JsonValueKind.String).GetString()!;
            return new(kind, SeriesOf(kind, data), TimeOf(kind, data), [.. TextsOf(root, "warnings"), .. TextsOf(root, "infos").Where(info => !PrometheusQueries.IsKnown(info))], IsPartialIn(root));
        }
        catch (InvalidOperationException)
        {
            throw new FormatException("has a text that is no Unicode");
        }
    }

    private static List<PrometheusSeries> SeriesOf(string kind, JsonElement data) => kind switch
    {
        "vector" or "matrix" => [.. Member(data, "result", JsonValueKind.Array).EnumerateArray().Select(one => OneSeries(one, kind))],
        "scalar" => [new(new Dictionary<string, string>(), [Sample(Member(data, "result", JsonValueKind.Array))])],
        "string" => throw new FormatException("is a string, and no number"),
        _ => throw new FormatException($"is of the kind \"{Shown(kind)}\": expected vector, matrix or scalar"),
    };

    private static string? TimeOf(string kind, JsonElement data)
    {
        var result = data.GetProperty("result");
        return kind switch
        {
            "scalar" => result[0].GetRawText(),
            "vector" when result.GetArrayLength() > 0 => result[0].GetProperty("value")[0].GetRawText(),
            _ => null,
        };
    }

    private static PrometheusSeries OneSeries(JsonElement one, string kind)
    {
        if (one.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"has {NameOf(one.ValueKind)} where a series should be");
        }

        if (one.TryGetProperty("histogram", out _) || one.TryGetProperty("histograms", out _))
        {
            throw new FormatException("has native histograms, and no numbers: ask for histogram_quantile, histogram_count or histogram_sum of them");
        }

        var labels = new Dictionary<string, string>();
        foreach (var label in Member(one, "metric", JsonValueKind.Object).EnumerateObject())
        {
            if (label.Value.ValueKind != JsonValueKind.String || !labels.TryAdd(label.Name, label.Value.GetString()!))
            {
                throw new FormatException($"has the label {Shown(label.Name)} twice, or with {NameOf(label.Value.ValueKind)} as its value");
            }
        }

        return kind == "vector"
            ? new(labels, [Sample(Member(one, "value", JsonValueKind.Array))])
            : new(labels, InOrder([.. Member(one, "values", JsonValueKind.Array).EnumerateArray().Select(Sample)]));
    }

    private static PrometheusSample[] InOrder(PrometheusSample[] samples)
    {
        for (var i = 1; i < samples.Length; i++)
        {
            if (!(samples[i].Time > samples[i - 1].Time))
            {
                throw new FormatException("has samples that are not in the order of time");
            }
        }

        return samples;
    }

    private static PrometheusSample Sample(JsonElement pair)
    {
        if (pair.ValueKind != JsonValueKind.Array || pair.GetArrayLength() != 2)
        {
            throw new FormatException("has a sample that is no pair of time and value");
        }

        return (pair[0].ValueKind, pair[1].ValueKind) switch
        {
            (not JsonValueKind.Number, var _) => throw new FormatException($"has {NameOf(pair[0].ValueKind)} as the time of a sample: expected a number"),
            (_, not JsonValueKind.String) => throw new FormatException($"has {NameOf(pair[1].ValueKind)} as the value of a sample: expected a string"),
            _ when pair[0].TryGetDouble(out var time) && double.IsFinite(time) => new(time, Number(pair[1].GetString()!)),
            _ => throw new FormatException("has a time that is out of range"),
        };
    }

    /// <summary>A value as Prometheus writes it.</summary>
    internal static double Number(string text) => text switch
    {
        "NaN" => double.NaN,
        "+Inf" or "Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ when Digits().IsMatch(text) && double.Parse(text, CultureInfo.InvariantCulture) is var number && double.IsFinite(number) => number,
        _ => throw new FormatException($"has the value \"{Shown(text)}\", which is no number"),
    };

    private static string[] TextsOf(JsonElement root, string name) =>
        root.TryGetProperty(name, out var texts) && texts.ValueKind == JsonValueKind.Array
            ? [.. texts.EnumerateArray().Where(text => text.ValueKind == JsonValueKind.String).Select(text => text.GetString()!)]
            : [];

    /// <summary>As VictoriaMetrics tells it, or as Thanos and remote storages do: what does not warn of the expression warns of a storage.</summary>
    private static bool IsPartialIn(JsonElement root) =>
        (root.TryGetProperty("isPartial", out var partial) && partial.ValueKind == JsonValueKind.True)
        || TextsOf(root, "warnings").Any(warning => !warning.StartsWith("PromQL ", StringComparison.Ordinal));

    private static JsonElement Member(JsonElement whole, string name, JsonValueKind kind) =>
        whole.ValueKind != JsonValueKind.Object ? throw new FormatException($"is {NameOf(whole.ValueKind)} where an object with {name} should be")
        : !whole.TryGetProperty(name, out var member) ? throw new FormatException($"has no {name}")
        : member.ValueKind != kind ? throw new FormatException($"has {NameOf(member.ValueKind)} as {name}: expected {NameOf(kind)}")
        : member;

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    private static string Shown(string? text) => text is { Length: > 80 } ? text[..80] + "…" : text ?? "";

    [GeneratedRegex(@"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\z")]
    private static partial Regex Digits();
}
