using Kta.Functional;
using Kta.Functional.Files;
using Kta.Functional.Monitoring;

namespace Kta.Cli;

/// <summary>Makes a query of its object in a file.</summary>
internal static class PrometheusQueryFile
{
    /// <summary>The query, or null if something is wrong with it, which is a problem of the file.</summary>
    internal static PrometheusQuery? Read(YamlValue value)
    {
        var one = value.Object(
            "a query: an object with quantity and expression", "quantity", "expression", "label", "node", "factor", "timeLimit", "over", "step", "names");
        if (one is null)
        {
            return null;
        }

        var quantity = one.Required("quantity", $"one of {string.Join(", ", Quantities.Names)}") is { } name ? QuantityOf(name) : null;
        var expression = one.Required("expression", "PromQL") is { } written ? ExpressionOf(written) : null;
        var node = one["node"] is { } only ? NodeText.Of(only) : null;
        var label = one["label"]?.Text("the label that names the node");
        var factor = one["factor"]?.Number("a number that is not 0", number => number != 0);
        var timeLimit = one["timeLimit"]?.Time("a time above 0 and of at most 1 h", time => time > TimeSpan.Zero && time <= TimeSpan.FromHours(1));
        var range = RangeOf(one);
        var names = one["names"] is { } given ? PrometheusFile.NamesOf(given) : null;
        if (quantity is not { } known || expression is null || (node is null && one["node"] is not null))
        {
            return null;
        }

        var query = new PrometheusQuery(known, expression)
        {
            Node = node,
            Label = label,
            Factor = factor ?? 1,
            TimeLimit = timeLimit,
            Range = range,
            Names = names,
        };
        if (query.Problem is { } problem)
        {
            one["expression"]!.Value.Add($"cannot be asked: {problem}");
        }

        return query;
    }

    private static string? ExpressionOf(YamlValue value) =>
        value.Text("PromQL") is not { } text ? null
        : text.Trim() is { Length: > 0 } trimmed ? trimmed
        : value.Wrong<string>("PromQL");

    private static PrometheusRange? RangeOf(YamlObject one)
    {
        if (one["over"] is null && one["step"] is { } alone)
        {
            alone.Add("needs over beside it, the time to look back over");
            return null;
        }

        var over = one["over"]?.Time("a time of at least 1 ms", time => time >= TimeSpan.FromMilliseconds(1));
        var step = one["over"] is null ? null : one.Required("step", "how far the points of the range are apart")?.Time("a time of at least 1 ms", time => time >= TimeSpan.FromMilliseconds(1));
        if (over is not { } length || step is not { } each)
        {
            return null;
        }

        return PrometheusRange.Fits(length, each) ? new(length, each) : one["over"]!.Value.Wrong<PrometheusRange>("a time of at least one step, and of less than 11,000");
    }

    private static Quantity? QuantityOf(YamlValue value)
    {
        if (value.Text("the name of a quantity") is not { } name)
        {
            return null;
        }

        if (Array.IndexOf(Quantities.Names, name) is >= 0 and var found)
        {
            return (Quantity)found;
        }

        value.Add($"\"{name}\" is no quantity{SimilarName.Hint(name, Quantities.Names)}");
        return null;
    }
}
