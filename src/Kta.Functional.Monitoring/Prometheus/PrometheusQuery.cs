using static System.FormattableString;

namespace Kta.Functional.Monitoring;

/// <summary>What to ask Prometheus for one quantity: of each node by itself, of all nodes at once, or of one node.</summary>
/// <remarks>
/// <para>An expression with <c>{node}</c> inside of a string is asked for each node: its name comes in its place, escaped for the string, and for a regular
/// expression where the string is compared with <c>=~</c> or <c>!~</c> or is one of <c>label_replace</c>. It has to answer one series or a scalar, as has one for a single
/// <see cref="Node"/>. One with a <see cref="Label"/> is asked once for all nodes.</para>
/// <para>An answer of several series where one is expected is an error that names the labels in which they differ: sum, or choose. NaN, infinities
/// and an empty answer are absent, with a note; so is a number that the quantity cannot have, and all of an answer that is partial.</para>
/// <para>How old a number is, is known where the expression is a plain selector, alone, aggregated (sum, avg, min, max, count by or without labels) or
/// limited (clamp_min, abs, round, …): Prometheus is then asked for the times of its samples, and a group is as old as its oldest. Of other
/// expressions (rate, avg_over_time, operators, recording rules) the age is not known, and such numbers are never stale: a selector
/// in them takes samples up to five minutes old (Prometheus' lookback), and a range those of its length.</para>
/// </remarks>
/// <example><code>
/// new PrometheusQuery(Quantity.Lag, "sum(kafka_consumergroup_lag{topic=\"{node}\"})")
/// new PrometheusQuery(Quantity.Busy, "avg by (app) (busy_ms_per_second)") { Label = "app", Factor = 0.001 }
/// </code></example>
public sealed record PrometheusQuery
{
    internal static readonly TimeSpan LongestTime = TimeSpan.FromHours(1);

    private readonly string? _label;
    private readonly double _factor = 1;
    private readonly TimeSpan? _timeLimit;

    /// <summary>A query. That it has a <c>{node}</c>, a <see cref="Label"/> or a <see cref="Node"/> is looked at when it is given to a monitor.</summary>
    /// <param name="quantity">Which number it answers.</param>
    /// <param name="expression">The expression, in PromQL.</param>
    /// <exception cref="ArgumentException">The expression is empty.</exception>
    public PrometheusQuery(Quantity quantity, string expression)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(expression);
        (Quantity, Expression) = (quantity, expression);
    }

    /// <summary>Which number it answers.</summary>
    public Quantity Quantity { get; }

    /// <summary>The expression, in PromQL.</summary>
    public string Expression { get; }

    /// <summary>The label that names the node in an answer for all nodes. Series of others are left out; two of the same node are an error. Null: no such query.</summary>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public string? Label
    {
        get => _label;
        init => _label = value is "" ? throw new ArgumentException("A label has to have a name.", nameof(value)) : value;
    }

    /// <summary>The only node it is about; nothing is asked if the topology does not have it, with a note. Null: no such query.</summary>
    public TopologyNode? Node { get; init; }

    /// <summary>What the answer is multiplied with, for example 0.001 for milliseconds per second of a share of time; finite and not 0.</summary>
    /// <exception cref="ArgumentException">It is 0 or not finite.</exception>
    public double Factor
    {
        get => _factor;
        init => _factor = double.IsFinite(value) && value != 0 ? value : throw new ArgumentException(Invariant($"A factor has to be finite and not 0, got {value}."), nameof(value));
    }

    /// <summary>How long it may take, at most an hour, if that is less than the step has; null: as long as the step.</summary>
    /// <exception cref="ArgumentException">It is not positive, or longer than an hour.</exception>
    public TimeSpan? TimeLimit
    {
        get => _timeLimit;
        init => _timeLimit = value is null || (value > TimeSpan.Zero && value <= LongestTime)
            ? value
            : throw new ArgumentException($"A time limit has to be positive and at most 1 h, got {value}.", nameof(value));
    }

    /// <summary>
    /// Asks for a range instead of an instant: the answer is the mean of its finite samples, and as old as the newest of them, by the clock of this
    /// machine. A point of a range may itself stand on a sample up to five minutes older. Null: an instant.
    /// </summary>
    public PrometheusRange? Range { get; init; }

    /// <summary>What nodes are called here, if not as everywhere in <see cref="PrometheusMonitorOptions.Names"/>; null: nothing else.</summary>
    public IReadOnlyDictionary<TopologyNode, string>? Names { get; init; }

    /// <summary>For logs: the quantity and the expression.</summary>
    public override string ToString() => $"{Quantity}: {Expression}";

    /// <summary>Why it cannot be asked, as the end of a sentence; null if it can.</summary>
    internal string? Problem =>
        Label is not null && Node is not null ? "it has a label, for all nodes, and is about one node"
        : NodePlaceholder.ProblemOf(Expression, isPerNode: Label is null && Node is null);
}
