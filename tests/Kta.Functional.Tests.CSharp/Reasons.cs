namespace Kta.Functional.Tests.CSharp;

/// <summary>Reasons as C# writes them: interpolated strings that stay template and numbers.</summary>
public static class Reasons
{
    /// <summary>Holes with and without formats, braces, a node and a text.</summary>
    public static Plan Interpolated(Plan plan, TopologyNode node, double rate, double busy)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var rest = "nothing";
        return plan.Because(node, $"{{busy}} {busy:P0}, so {rate:N0}/s at {node}, {rest} else");
    }

    /// <summary>A value that may change.</summary>
    public static Plan OfObject(Plan plan, TopologyNode node, object value)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Because(node, $"has {value}");
    }

    /// <summary>A reason that must not be evaluated where reasons are not wanted.</summary>
    public static Plan Counted(Plan plan, TopologyNode node, Func<int> count)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(count);
        return plan.Because(node, $"evaluated {count()}");
    }
}
