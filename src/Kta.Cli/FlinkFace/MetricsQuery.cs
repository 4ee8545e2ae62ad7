using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;

namespace Kta.Cli;

/// <summary>What is asked about metrics: <c>get</c>, <c>agg</c> and <c>subtasks</c>.</summary>
/// <param name="query">The query of the request, decoded.</param>
internal sealed class MetricsQuery(IReadOnlyDictionary<string, StringValues> query)
{
    private static readonly string[] s_modes = ["min", "max", "avg", "sum", "skew"];

    private readonly string[] _names = Values(query, "get");

    /// <summary>Names, or values of one component; those it does not have are left out.</summary>
    internal JsonArray Of(IReadOnlyDictionary<string, string> metrics) => _names.Length == 0
        ? Names(metrics.Keys)
        : new([.. _names.Distinct().Where(metrics.ContainsKey).Select(name => new JsonObject { ["id"] = name, ["value"] = metrics[name] })]);

    /// <summary>Names, or values aggregated over components. One name that none of them has empties the whole answer.</summary>
    internal JsonArray Aggregated(IReadOnlyList<IReadOnlyDictionary<string, string>> components)
    {
        var modes = Values(query, "agg");
        if (modes.FirstOrDefault(mode => !s_modes.Contains(mode, StringComparer.OrdinalIgnoreCase)) is not null)
        {
            throw FlinkRefusal.BadQuery("agg", string.Join(',', modes));
        }

        if (_names.Length == 0)
        {
            return Names(components.SelectMany(component => component.Keys).Distinct());
        }

        var answer = new JsonArray();
        foreach (var name in _names)
        {
            var texts = components.Where(component => component.ContainsKey(name)).Select(component => component[name]).ToList();
            if (texts.Count == 0)
            {
                return [];
            }

            if (texts.All(text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _)))
            {
                answer.Add(Aggregated(name, [.. texts.Select(text => double.Parse(text, CultureInfo.InvariantCulture))], modes.Length == 0 ? s_modes : modes));
            }
        }

        return answer;
    }

    /// <summary>Those that <c>subtasks=0,2-3</c> names, or all.</summary>
    internal IReadOnlyList<IReadOnlyDictionary<string, string>> Chosen(IReadOnlyList<IReadOnlyDictionary<string, string>> subtasks)
    {
        var ranges = Values(query, "subtasks");
        return ranges.Length == 0 ? subtasks : [.. ranges.SelectMany(range => In(range, subtasks.Count)).Select(k => subtasks[k])];
    }

    private static IEnumerable<int> In(string range, int count)
    {
        var ends = range.Split('-', 2, StringSplitOptions.TrimEntries);
        return int.TryParse(ends[0], CultureInfo.InvariantCulture, out var first) && int.TryParse(ends[^1], CultureInfo.InvariantCulture, out var last)
            ? Enumerable.Range(0, count).Where(k => k >= first && k <= last)
            : [];
    }

    private static JsonObject Aggregated(string name, double[] values, string[] modes)
    {
        var answer = new JsonObject { ["id"] = name };
        foreach (var mode in s_modes.Where(mode => modes.Contains(mode, StringComparer.OrdinalIgnoreCase)))
        {
            answer[mode] = JavaNumber.Json(mode switch
            {
                "min" => values.Aggregate(Math.Min),
                "max" => values.Aggregate(Math.Max),
                "avg" => values.Sum() / values.Length,
                "sum" => values.Sum(),
                _ => Skew(values),
            });
        }

        return answer;
    }

    /// <summary>The mean distance from the mean, in per cent of it, at most 100.</summary>
    private static double Skew(double[] values)
    {
        var mean = values.Average();
        return mean == 0 ? 0 : Math.Min(100, values.Average(value => Math.Abs(mean - value)) / mean * 100);
    }

    private static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => new JsonObject { ["id"] = name })]);

    private static string[] Values(IReadOnlyDictionary<string, StringValues> query, string name) =>
        query.TryGetValue(name, out var given) ? string.Join(',', given.ToArray()).Split(',', StringSplitOptions.RemoveEmptyEntries) : [];
}
