using System.Diagnostics.CodeAnalysis;

namespace Kta.Functional;

/// <summary>An autoscaling algorithm whose steps answer results of known types.</summary>
/// <typeparam name="TMonitor">What monitor answers.</typeparam>
/// <typeparam name="TAnalyze">What analyze answers.</typeparam>
/// <remarks>Change a copy with <c>with { … }</c>, or with the <c>With…</c> methods, which F# can call too.</remarks>
public sealed partial record Algorithm<
    [DynamicallyAccessedMembers(ResultTypes.Members)] TMonitor,
    [DynamicallyAccessedMembers(ResultTypes.Members)] TAnalyze> : Algorithm
    where TMonitor : class
    where TAnalyze : class
{
    private readonly ResultCodec<TMonitor>? _monitorCodec;
    private readonly ResultCodec<TAnalyze>? _analyzeCodec;

    internal Algorithm()
    {
    }

    /// <summary>The monitor step, or null if it is not served here.</summary>
    public Udf<MonitorContext<TMonitor, TAnalyze>, TMonitor>? Monitor { get; init; }

    /// <summary>The analyze step, or null if it is not served here.</summary>
    public Udf<AnalyzeContext<TMonitor, TAnalyze>, TAnalyze?>? Analyze { get; init; }

    /// <summary>The plan step, or null if it is not served here.</summary>
    public Udf<PlanContext<TMonitor, TAnalyze>, Plan>? Plan { get; init; }

    /// <summary>How monitor's results are written and read. Default: <see cref="Codec.Json{T}()"/>.</summary>
    /// <exception cref="ArgumentException">No codec is set and the type cannot be a JSON object.</exception>
    [AllowNull]
    public ResultCodec<TMonitor> MonitorCodec
    {
        get => _monitorCodec ?? Defaults<TMonitor>.Codec;
        init => _monitorCodec = value;
    }

    /// <summary>How analyze's results are written and read. Default: <see cref="Codec.Json{T}()"/>.</summary>
    /// <exception cref="ArgumentException">No codec is set and the type cannot be a JSON object.</exception>
    [AllowNull]
    public ResultCodec<TAnalyze> AnalyzeCodec
    {
        get => _analyzeCodec ?? Defaults<TAnalyze>.Codec;
        init => _analyzeCodec = value;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Step> Steps
    {
        get
        {
            var steps = new Step[(Monitor is null ? 0 : 1) + (Analyze is null ? 0 : 1) + (Plan is null ? 0 : 1)];
            var count = 0;
            for (var step = Step.Monitor; step <= Step.Plan; step++)
            {
                if (Has(step))
                {
                    steps[count++] = step;
                }
            }

            return steps;
        }
    }

    /// <summary>A copy with this monitor step.</summary>
    /// <param name="monitor">Gives the answer for a context.</param>
    public Algorithm<TMonitor, TAnalyze> WithMonitor(Func<MonitorContext<TMonitor, TAnalyze>, TMonitor> monitor) =>
        this with { Monitor = new(monitor) };

    /// <inheritdoc cref="WithMonitor(Func{MonitorContext{TMonitor, TAnalyze}, TMonitor})"/>
    public Algorithm<TMonitor, TAnalyze> WithMonitor(
        Func<MonitorContext<TMonitor, TAnalyze>, CancellationToken, Task<TMonitor>> monitor) =>
        this with { Monitor = new(monitor) };

    /// <summary>A copy with this analyze step.</summary>
    /// <param name="analyze">Gives the answer for a context, null for nothing to say.</param>
    public Algorithm<TMonitor, TAnalyze> WithAnalyze(Func<AnalyzeContext<TMonitor, TAnalyze>, TAnalyze?> analyze) =>
        this with { Analyze = new(analyze) };

    /// <inheritdoc cref="WithAnalyze(Func{AnalyzeContext{TMonitor, TAnalyze}, TAnalyze})"/>
    public Algorithm<TMonitor, TAnalyze> WithAnalyze(
        Func<AnalyzeContext<TMonitor, TAnalyze>, CancellationToken, Task<TAnalyze?>> analyze) =>
        this with { Analyze = new(analyze) };

    /// <summary>A copy with this plan step.</summary>
    /// <param name="plan">Gives the plan for a context.</param>
    public Algorithm<TMonitor, TAnalyze> WithPlan(Func<PlanContext<TMonitor, TAnalyze>, Plan> plan) =>
        this with { Plan = new(plan) };

    /// <inheritdoc cref="WithPlan(Func{PlanContext{TMonitor, TAnalyze}, Plan})"/>
    public Algorithm<TMonitor, TAnalyze> WithPlan(
        Func<PlanContext<TMonitor, TAnalyze>, CancellationToken, Task<Plan>> plan) =>
        this with { Plan = new(plan) };

    /// <summary>A copy that has only the named steps, for a process that serves a part of the loop.</summary>
    /// <param name="steps">The steps to keep.</param>
    /// <exception cref="ArgumentException">A named step does not exist in this algorithm.</exception>
    public Algorithm<TMonitor, TAnalyze> WithOnly(params Step[] steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        foreach (var step in steps)
        {
            if (!Has(step))
            {
                throw new ArgumentException($"{this} has no {step.Name()} step.", nameof(steps));
            }
        }

        return this with
        {
            Monitor = IsNamed(Step.Monitor) ? Monitor : null,
            Analyze = IsNamed(Step.Analyze) ? Analyze : null,
            Plan = IsNamed(Step.Plan) ? Plan : null,
        };

        bool IsNamed(Step step) => Array.IndexOf(steps, step) >= 0;
    }

    /// <summary>A copy with this codec for monitor's results.</summary>
    /// <param name="codec">See <see cref="Codec"/>.</param>
    public Algorithm<TMonitor, TAnalyze> WithMonitorCodec(ResultCodec<TMonitor> codec) => this with { MonitorCodec = codec };

    /// <summary>A copy with this codec for analyze's results.</summary>
    /// <param name="codec">See <see cref="Codec"/>.</param>
    public Algorithm<TMonitor, TAnalyze> WithAnalyzeCodec(ResultCodec<TAnalyze> codec) => this with { AnalyzeCodec = codec };

    /// <summary>A copy with this name and version, for logs and recordings.</summary>
    /// <param name="name">The name.</param>
    /// <param name="version">The version, free text.</param>
    public Algorithm<TMonitor, TAnalyze> WithName(string name, string version = "") =>
        this with { Name = name, Version = version };

    /// <summary>A copy that treats history entries that do not fit the algorithm's types in this way.</summary>
    /// <param name="unreadableHistory">Skip, cut or fail.</param>
    public Algorithm<TMonitor, TAnalyze> WithUnreadableHistory(UnreadableHistory unreadableHistory) =>
        this with { UnreadableHistory = unreadableHistory };

    internal override void CheckCodecs()
    {
        _ = MonitorCodec;
        _ = AnalyzeCodec;
    }

    internal override void StartGuards()
    {
        Monitor?.StartGuard();
        Analyze?.StartGuard();
        Plan?.StartGuard();
    }

    internal override bool Has(Step step) => step switch
    {
        Step.Monitor => Monitor is not null,
        Step.Analyze => Analyze is not null,
        Step.Plan => Plan is not null,
        _ => false,
    };

    internal override bool IsAsync(Step step) => step switch
    {
        Step.Monitor => Monitor!.IsAsync,
        Step.Analyze => Analyze!.IsAsync,
        _ => Plan!.IsAsync,
    };

    internal override bool IsKnownStateless(Step step) => step switch
    {
        Step.Monitor => Monitor!.IsKnownStateless,
        Step.Analyze => Analyze!.IsKnownStateless,
        _ => Plan!.IsKnownStateless,
    };

    /// <summary>For algorithms that ship with us: a copy whose present steps need not be asked twice. Steps that are set later do.</summary>
    internal Algorithm<TMonitor, TAnalyze> AsKnownStateless() => this with
    {
        Monitor = Monitor?.AsKnownStateless(),
        Analyze = Analyze?.AsKnownStateless(),
        Plan = Plan?.AsKnownStateless(),
    };

    internal override ResultDescription DescribeResult(Step producer) =>
        producer == Step.Monitor ? ResultDescription.Of(MonitorCodec) : ResultDescription.Of(AnalyzeCodec);

    internal override TResult Accept<TResult>(IAlgorithmVisitor<TResult> visitor) => visitor.Visit(this);

    private static class Defaults<[DynamicallyAccessedMembers(ResultTypes.Members)] T>
        where T : class
    {
        private static ResultCodec<T>? s_codec;

        internal static ResultCodec<T> Codec => s_codec ??= Functional.Codec.Json<T>();
    }
}
