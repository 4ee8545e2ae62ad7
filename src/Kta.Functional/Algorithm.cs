using System.Diagnostics.CodeAnalysis;

namespace Kta.Functional;

/// <summary>
/// An autoscaling algorithm: the Monitor, Analyze and Plan steps of a MAPE-K loop as pure functions. Make one with
/// <c>Algorithm.Create</c>, step by step with <see cref="Monitor{TMonitor}(Func{MonitorContext, TMonitor})"/>, or from a
/// class with <c>Algorithm.FromClass</c>.
/// </summary>
/// <remarks>Immutable. A process may serve one, two or all three steps; the operator calls each at its own address.</remarks>
/// <example>
/// <code>
/// var algorithm = Algorithm.Create&lt;Load, Demand&gt;(
///     monitor: async (ctx, ct) => new Load(await flink.SourceRateAsync(ct)),
///     analyze: ctx => new Demand(ctx.MonitorResult.RecordsPerSecond / 5_000),
///     plan:    ctx => Plan.ForEach(ctx.Topology, node => Parallelism.Of(ctx.AnalyzeResult.Instances).AtLeast(1)));
/// </code>
/// </example>
public abstract partial record Algorithm
{
    private protected Algorithm()
    {
    }

    /// <summary>A name for logs and recordings. Default: <c>algorithm</c>, or the name of the class.</summary>
    public string Name { get; init; } = "algorithm";

    /// <summary>A version for logs and recordings; free text, empty by default.</summary>
    public string Version { get; init; } = "";

    /// <summary>What happens to history entries whose results do not fit the algorithm's types. Default: they are left out.</summary>
    public UnreadableHistory UnreadableHistory { get; init; }

    /// <summary>The steps this algorithm has, in the order of the loop.</summary>
    public abstract IReadOnlyList<Step> Steps { get; }

    /// <summary>An algorithm without steps, to add some with <c>With…</c>. The types are known from the start, so lambdas need no annotations.</summary>
    /// <typeparam name="TMonitor">What monitor answers.</typeparam>
    /// <typeparam name="TAnalyze">What analyze answers.</typeparam>
    /// <example><code>Algorithm.For&lt;Load, Demand&gt;().WithMonitor(ctx => …).WithPlan(ctx => …)</code></example>
    public static Algorithm<TMonitor, TAnalyze> For<
        [DynamicallyAccessedMembers(ResultTypes.Members)] TMonitor,
        [DynamicallyAccessedMembers(ResultTypes.Members)] TAnalyze>()
        where TMonitor : class
        where TAnalyze : class =>
        new();

    /// <summary>The algorithm for logs: <c>dummy (monitor, plan)</c>.</summary>
    public sealed override string ToString() => $"{Name} ({string.Join(", ", Steps.Select(step => step.Name()))})";

    /// <summary>Finds out now, not at the first call, whether results can be written and read.</summary>
    internal abstract void CheckCodecs();

    /// <summary>Looks once, before serving, for captured variables that were changed since the steps were made.</summary>
    internal abstract void StartGuards();

    /// <summary>Whether there is this step.</summary>
    internal abstract bool Has(Step step);

    /// <summary>Whether a step can be told to stop.</summary>
    internal abstract bool IsAsync(Step step);

    /// <summary>Whether a step ships with us, see <see cref="Udf{TContext, TResult}.IsKnownStateless"/>.</summary>
    internal abstract bool IsKnownStateless(Step step);

    /// <summary>What a description says about the results of monitor or analyze.</summary>
    internal abstract ResultDescription DescribeResult(Step producer);

    /// <summary>Hands the algorithm with its types to somebody who knows none of them.</summary>
    internal abstract TResult Accept<TResult>(IAlgorithmVisitor<TResult> visitor);
}
