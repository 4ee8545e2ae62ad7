namespace Kta.Functional.Monitoring;

/// <summary>
/// Asks for the time of the samples that an expression stands on, where that is certain: for a plain selector, alone, aggregated, or limited, and
/// for some of its series, chosen by <c>and</c> or <c>unless</c>.
/// </summary>
/// <remarks>
/// A group of an aggregation is as old as its oldest sample. Everything else has no time that Prometheus would tell: it gives the values
/// of a function or an operator the time at which it was asked. What a recording rule wrote has the time of the rule, and not of what it read.
/// </remarks>
internal sealed class SampleTime
{
    private static readonly HashSet<string> s_aggregations = ["sum", "avg", "min", "max", "count", "group", "stddev", "stdvar"];
    private static readonly HashSet<string> s_limits = ["clamp_min", "clamp_max", "clamp", "abs", "ceil", "floor", "round"];

    private readonly string _expression;
    private readonly IReadOnlyList<PromqlToken> _tokens;
    private int _at;

    private SampleTime(string expression)
    {
        _expression = expression;
        _tokens = PromqlTokens.Of(expression);
    }

    /// <summary>The expression of the times, with the same labels as the values but the metric's name; null if there is none.</summary>
    internal static string? Of(string expression)
    {
        var reader = new SampleTime(expression);
        return reader.Times() is { } times && reader.Choice() is { } choice ? times + choice : null;
    }

    /// <summary>What is chosen of the series, as it is written; empty if it is all, null if there is more to it than a choice.</summary>
    private string? Choice()
    {
        if (_at == _tokens.Count)
        {
            return "";
        }

        if (!Next("and") && !Next("unless"))
        {
            return null;
        }

        // Everything but or binds as tightly as and, or tighter.
        var depth = 0;
        var start = _tokens[_at].Start;
        for (_at++; _at < _tokens.Count; _at++)
        {
            depth += Next("(") || Next("{") || Next("[") ? 1 : Next(")") || Next("}") || Next("]") ? -1 : 0;
            if (depth < 0 || (depth == 0 && Next("or")))
            {
                return null;
            }
        }

        var last = _tokens[^1];
        return $" {_expression[start..(last.Start + last.Written.Length)]}";
    }

    private string? Times()
    {
        if (Take("("))
        {
            return Times() is { } inner && Take(")") ? inner : null;
        }

        if (_at >= _tokens.Count || _tokens[_at].Kind != PromqlTokenKind.Name)
        {
            return null;
        }

        var name = _tokens[_at++].Written;
        return s_aggregations.Contains(name.ToLowerInvariant()) && (Next("(") || Next("by") || Next("without")) ? Aggregated()
            : s_limits.Contains(name) && Next("(") ? Limited()
            : IsMetric(name) ? Selected()
            : null;
    }

    private static bool IsMetric(string name) =>
        !name.Contains(':', StringComparison.Ordinal) && name.ToLowerInvariant() is not ("inf" or "nan");

    private string? Aggregated()
    {
        var before = Grouping();
        if (before is null || !Take("(") || Times() is not { } inner || !Take(")"))
        {
            return null;
        }

        var grouping = before.Length > 0 ? before : Grouping();
        return grouping is null ? null : $"min{grouping} ({inner})";
    }

    /// <summary>By or without some labels, as it is written; empty if there is nothing, null if the groups of the times would be others.</summary>
    private string? Grouping()
    {
        if (!Next("by") && !Next("without"))
        {
            return "";
        }

        var start = _tokens[_at++].Start;
        if (!Take("("))
        {
            return null;
        }

        while (_at < _tokens.Count && !Next(")"))
        {
            if (_tokens[_at++].Written.Trim('"', '\'', '`') == "__name__")
            {
                return null;
            }
        }

        return Take(")") ? " " + _expression[start..(_tokens[_at - 1].Start + 1)] : null;
    }

    private string? Limited()
    {
        if (!Take("(") || Times() is not { } inner)
        {
            return null;
        }

        while (Take(","))
        {
            _ = Take("-");
            if (_at >= _tokens.Count || _tokens[_at++].Kind != PromqlTokenKind.Number)
            {
                return null;
            }
        }

        return Take(")") ? inner : null;
    }

    private string? Selected()
    {
        var start = _tokens[_at - 1].Start;
        if (Take("{"))
        {
            while (_at < _tokens.Count && !Next("}"))
            {
                if (_tokens[_at++].Is("__name__"))
                {
                    return null;
                }
            }

            if (!Take("}"))
            {
                return null;
            }
        }

        var last = _tokens[_at - 1];
        return $"timestamp({_expression[start..(last.Start + last.Written.Length)]})";
    }

    private bool Next(string sign) => _at < _tokens.Count && _tokens[_at].Is(sign);

    private bool Take(string sign)
    {
        var found = Next(sign);
        _at += found ? 1 : 0;
        return found;
    }
}
