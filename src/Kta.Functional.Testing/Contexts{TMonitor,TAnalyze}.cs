using System.Collections.Immutable;
using System.Text;
using Kta.Functional.Simulation;
using Kta.Functional.Wire;
using static System.FormattableString;

namespace Kta.Functional.Testing;

/// <summary>
/// Makes contexts of one iteration, for tests: <see cref="Monitor"/>, <see cref="Analyze"/> and <see cref="Plan"/>. What lies before it is
/// said in the order in which it happened, with <c>After…</c>; the history of a context is newest first, as always.
/// </summary>
/// <typeparam name="TMonitor">What the monitor step answers.</typeparam>
/// <typeparam name="TAnalyze">What the analyze step answers.</typeparam>
/// <remarks>
/// Immutable: every method answers another value. A context is what the operator would send: results go through the codecs of the
/// algorithm, and through Java, and are read when the step looks at them. Make one with <see cref="Contexts.For"/>.
/// </remarks>
/// <example>
/// <code>
/// var ctx = Contexts.For(careful)
///     .After(new Load(3_000), new Demand(1), parallelism: 1)
///     .After(new Load(20_000), new Demand(4), parallelism: 4)   // a minute later: history[0]
///     .Plan(new Load(3_000), new Demand(1));
/// </code>
/// </example>
public sealed class Contexts<TMonitor, TAnalyze>
    where TMonitor : class
    where TAnalyze : class
{
    private readonly Algorithm<TMonitor, TAnalyze> _algorithm;
    private ImmutableList<FinishedIteration> _past = [];
    private string? _id;

    internal Contexts(Algorithm<TMonitor, TAnalyze> algorithm) => _algorithm = algorithm;

    /// <summary>The nodes. Default: <c>Deployment/app</c> alone.</summary>
    public Topology Topology { get; private init; } = [TopologyNode.Deployment("app")];

    /// <summary>When the iteration starts. Default: 2025-01-01 00:00 UTC; every <c>After…</c> moves it by <see cref="Interval"/>.</summary>
    public DateTimeOffset StartedAt { get; private init; } = new VirtualClock().GetUtcNow();

    /// <summary>The time from one iteration to the next. Default: 30 s, as in a policy.</summary>
    public TimeSpan Interval { get; private init; } = new LocalOperatorOptions().Interval;

    /// <summary>How many earlier iterations a context has at most: the policy's <c>resultHistoryLength</c>. Default: all.</summary>
    public int HistoryLength { get; private init; } = int.MaxValue;

    /// <summary>The id of the iteration. Default: counts the iterations, <c>00000000-0000-4000-8000-000000000001</c> and so on.</summary>
    public string Id => _id ?? IterationIds.Number(_past.Count + 1);

    /// <summary>The same with other settings. What is not named stays; in C# and F# alike, <c>contexts.With(historyLength: 3)</c> and <c>contexts.With(historyLength = 3)</c>.</summary>
    /// <param name="topology">The nodes.</param>
    /// <param name="startedAt">When the iteration starts.</param>
    /// <param name="interval">The time from one iteration to the next, from here on; not negative.</param>
    /// <param name="historyLength">How many earlier iterations a context has at most; at least 1.</param>
    /// <param name="id">The id of the iteration.</param>
    /// <exception cref="ArgumentException">The interval is negative, the length less than 1, or the id empty.</exception>
    public Contexts<TMonitor, TAnalyze> With(
        Topology? topology = null, DateTimeOffset? startedAt = null, TimeSpan? interval = null, int? historyLength = null, string? id = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval ?? TimeSpan.Zero, TimeSpan.Zero, nameof(interval));
        ArgumentOutOfRangeException.ThrowIfLessThan(historyLength ?? 1, 1, nameof(historyLength));
        return new(_algorithm)
        {
            Topology = topology ?? Topology,
            StartedAt = startedAt ?? StartedAt,
            Interval = interval ?? Interval,
            HistoryLength = historyLength ?? HistoryLength,
            _id = id is "" ? throw new ArgumentException("The id of an iteration cannot be empty. Leave it out, and iterations are counted.", nameof(id)) : id ?? _id,
            _past = _past,
        };
    }

    /// <summary>The iteration after one without an analyze result, in which every node was given the same parallelism.</summary>
    /// <param name="monitorResult">What monitor answered.</param>
    /// <param name="parallelism">What plan asked for and the operator applied, at least 1.</param>
    public Contexts<TMonitor, TAnalyze> After(TMonitor monitorResult, int parallelism) => After(monitorResult, null, parallelism);

    /// <summary>The iteration after one in which every node was given the same parallelism.</summary>
    /// <param name="monitorResult">What monitor answered.</param>
    /// <param name="analyzeResult">What analyze answered; null for nothing.</param>
    /// <param name="parallelism">What plan asked for and the operator applied, at least 1.</param>
    public Contexts<TMonitor, TAnalyze> After(TMonitor monitorResult, TAnalyze? analyzeResult, int parallelism) =>
        After(monitorResult, analyzeResult, Functional.Plan.ForEach(Topology, _ => parallelism));

    /// <summary>The iteration after one with this plan. It may name nodes of another topology, as of a policy before its change.</summary>
    /// <param name="monitorResult">What monitor answered.</param>
    /// <param name="analyzeResult">What analyze answered; null for nothing.</param>
    /// <param name="plan">What plan asked for.</param>
    /// <param name="applied">What the operator applied after clamping, about the same nodes; null: what the plan says.</param>
    /// <exception cref="ArgumentException"><paramref name="applied"/> lacks a node of the plan, or has another one.</exception>
    /// <exception cref="UdfResultException">A result cannot be written as JSON, or <see cref="Kta.Functional.Plan.Single"/> is planned for several nodes.</exception>
    public Contexts<TMonitor, TAnalyze> After(TMonitor monitorResult, TAnalyze? analyzeResult, Plan plan, Plan? applied = null)
    {
        ArgumentNullException.ThrowIfNull(monitorResult);
        var analyzed = analyzeResult is null ? OperatorRequest.Nothing : Written(analyzeResult, _algorithm.AnalyzeCodec);
        return After(Written(monitorResult, _algorithm.MonitorCodec), analyzed, plan, applied);
    }

    /// <summary>
    /// The iteration after several, one for each result of monitor, in which every node was given the same parallelism. The first result is the oldest.
    /// </summary>
    /// <param name="monitorResults">What monitor answered, the oldest first.</param>
    /// <param name="parallelism">What plan asked for and the operator applied, at least 1.</param>
    /// <param name="analyze">Gives what analyze answered; null for nothing.</param>
    public Contexts<TMonitor, TAnalyze> AfterEach(
        IEnumerable<TMonitor> monitorResults, int parallelism, Func<TMonitor, TAnalyze?>? analyze = null)
    {
        ArgumentNullException.ThrowIfNull(monitorResults);
        return monitorResults.Aggregate(this, (contexts, result) => contexts.After(result, analyze?.Invoke(result), parallelism));
    }

    /// <summary>
    /// The iteration after one whose results are any JSON objects: of an older version of the algorithm, or of another policy. What the
    /// algorithm's types cannot read is treated as its <see cref="Algorithm.UnreadableHistory"/> says.
    /// </summary>
    /// <param name="monitorResult">What monitor answered, one JSON object.</param>
    /// <param name="analyzeResult">What analyze answered, one JSON object; <c>{}</c> for nothing.</param>
    /// <param name="plan">What plan asked for and the operator applied; another policy's names nodes of its own.</param>
    /// <exception cref="FormatException">A result is not a JSON object.</exception>
    /// <example><code>contexts.AfterJson("""{"cpu":0.8}""", "{}", Plan.Of((payments, 2)))</code></example>
    public Contexts<TMonitor, TAnalyze> AfterJson(string monitorResult, string analyzeResult, Plan plan)
    {
        ArgumentNullException.ThrowIfNull(monitorResult);
        ArgumentNullException.ThrowIfNull(analyzeResult);
        return After(Object(monitorResult), Object(analyzeResult), plan, null);

        static ReadOnlyMemory<byte> Object(string json) => OperatorReply.ReadResult(Encoding.UTF8.GetBytes(json));
    }

    /// <summary>The iteration after a run of the loop: its iterations become the history, behind what is there already, and it starts when the next one of the run would have.</summary>
    /// <param name="run">A run of the <see cref="LocalOperator"/>, of <see cref="RunAsync"/>, or of a <see cref="FakeOperator{TMonitor, TAnalyze}"/>.</param>
    public Contexts<TMonitor, TAnalyze> After(LocalRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return run.Iterations.Count == 0
            ? this
            : Following(_past.AddRange(run.Iterations.Select(iteration => iteration.Finished)), run.Iterations[^1].EndedAt);
    }

    /// <summary>The context of monitor.</summary>
    public MonitorContext<TMonitor, TAnalyze> Monitor() => new(Topology, Input(OperatorRequest.Nothing, OperatorRequest.Nothing), Id, StartMillis);

    /// <summary>The context of analyze.</summary>
    /// <param name="monitorResult">What monitor answered.</param>
    /// <exception cref="UdfResultException">The result cannot be written as JSON.</exception>
    public AnalyzeContext<TMonitor, TAnalyze> Analyze(TMonitor monitorResult)
    {
        ArgumentNullException.ThrowIfNull(monitorResult);
        return new(Topology, Input(Written(monitorResult, _algorithm.MonitorCodec), OperatorRequest.Nothing), Id, StartMillis);
    }

    /// <summary>The context of plan.</summary>
    /// <param name="monitorResult">What monitor answered.</param>
    /// <param name="analyzeResult">What analyze answered; null for nothing.</param>
    /// <exception cref="UdfResultException">A result cannot be written as JSON.</exception>
    public PlanContext<TMonitor, TAnalyze> Plan(TMonitor monitorResult, TAnalyze? analyzeResult = null)
    {
        ArgumentNullException.ThrowIfNull(monitorResult);
        var analyzed = analyzeResult is null ? OperatorRequest.Nothing : Written(analyzeResult, _algorithm.AnalyzeCodec);
        return new(Topology, Input(Written(monitorResult, _algorithm.MonitorCodec), analyzed), Id, StartMillis);
    }

    /// <summary>
    /// Runs the loop from here on, with one iteration for each result of monitor: analyze and plan of the algorithm decide about these results, one after
    /// the other, and what they decided comes back as history. Nothing waits.
    /// </summary>
    /// <param name="monitorResults">What monitor answers, the first one first; at least one. The algorithm's own monitor is not called.</param>
    /// <param name="options">Limits and other settings; null for the defaults. Interval, history length, clock and ids are those of the contexts.</param>
    /// <exception cref="LocalOperatorException">A step failed.</exception>
    /// <exception cref="ChangedDecisionException">Asked again at the end of the run, a step answered differently.</exception>
    /// <exception cref="ArgumentException">There is no result, a setting makes no sense, or the algorithm has no plan step.</exception>
    /// <example><code>var run = await Contexts.For(careful).RunAsync([new Load(3_000), new Load(20_000), new Load(3_000)]);</code></example>
    public Task<LocalRun> RunAsync(IEnumerable<TMonitor> monitorResults, LocalOperatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(monitorResults);
        var (results, start, interval, number) = (Service.Of<IReadOnlyList<TMonitor>>([.. monitorResults]), StartedAt, Interval, _past.Count);
        if (results.Value.Count == 0)
        {
            throw new ArgumentException("A run needs a result of monitor for each of its iterations, none was given.", nameof(monitorResults));
        }

        if (interval == TimeSpan.Zero)
        {
            throw new ArgumentException("Iterations of a run are told apart by their start: give the contexts an interval above 0.");
        }

        _ = results.Value.Aggregate(start, (time, _) => Contexts.Later(time, interval));
        var algorithm = _algorithm.WithMonitor(ctx => results.Value[(int)((ctx.StartedAt - start) / interval)]);
        return LocalOperator.RunAsync(
            algorithm,
            Topology,
            results.Value.Count,
            (options ?? new()) with
            {
                Clock = new VirtualClock(start),
                Interval = interval,
                HistoryLength = HistoryLength,
                NewId = () => IterationIds.Number(++number),
                EarlierIterations = [.. _past.Select((finished, i) => new Iteration(i + 1, attempts: 1, finished))],
            });
    }

    /// <summary>What the contexts are about: <c>2025-01-01 00:00:30 UTC, Deployment/app, 1 earlier iteration</c>.</summary>
    public override string ToString() =>
        Invariant($"{StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {Topology}, {_past.Count} earlier iteration{(_past.Count == 1 ? "" : "s")}");

    private long StartMillis => StartedAt.ToUnixTimeMilliseconds();

    private Contexts<TMonitor, TAnalyze> After(ReadOnlyMemory<byte> monitor, ReadOnlyMemory<byte> analyze, Plan plan, Plan? applied)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var planned = Named(plan);
        var finished = new FinishedIteration
        {
            Id = Id,
            UdfStartTimestampMillis = StartMillis,
            UdfEndTimestampMillis = StartMillis,
            MonitorResult = monitor,
            AnalyzeResult = analyze,
            PlanResult = planned,
            Parallelism = applied is null ? planned : Contexts.Clamped(planned, Named(applied)),
        };
        return Following(_past.Add(finished), StartedAt);
    }

    private Contexts<TMonitor, TAnalyze> Following(ImmutableList<FinishedIteration> past, DateTimeOffset end)
    {
        var next = With(startedAt: Contexts.Later(end, Interval));
        (next._past, next._id) = (past, null);
        return next;
    }

    private Plan Named(Plan plan) => plan.SingleParallelism is null ? plan : plan.For(Topology);

    private ReceivedInput<TMonitor, TAnalyze> Input(ReadOnlyMemory<byte> monitor, ReadOnlyMemory<byte> analyze)
    {
        var history = _past.Reverse().Take(HistoryLength).ToArray();
        var request = ReceivedRequest.Within(Topology, Id, StartMillis, new HandedResult(monitor), new HandedResult(analyze), history);
        return new(request, _algorithm.MonitorCodec, _algorithm.AnalyzeCodec, _algorithm.UnreadableHistory);
    }

    /// <summary>A result as it comes back from the operator.</summary>
    private static ReadOnlyMemory<byte> Written<T>(T result, ResultCodec<T> codec)
        where T : class =>
        JavaJson.RoundTrip(JsonBytes.Of(result, codec.Write));
}
