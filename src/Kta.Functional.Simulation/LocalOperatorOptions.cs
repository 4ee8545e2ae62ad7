using Kta.Functional.Recording;
using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>How the loop runs: the settings of a KtaPolicy's <c>behavior</c>, and where time and ids come from.</summary>
public sealed record LocalOperatorOptions
{
    /// <summary>The least parallelism that is applied; at least 1. Default: 1.</summary>
    public int MinParallelism { get; init; } = 1;

    /// <summary>The largest parallelism that is applied; not below the minimum. Default: no limit.</summary>
    public int MaxParallelism { get; init; } = int.MaxValue;

    /// <summary>How many earlier iterations are kept and sent; at least 1. Default: all, as the operator does it.</summary>
    public int HistoryLength { get; init; } = int.MaxValue;

    /// <summary>The pause between the end of an iteration and the start of the next. Default: 30 s, as in a policy.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a step may take. Default: 5 s, as the operator does it.</summary>
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How often an iteration is tried: each time with the same id and a new start, after the operator's pauses of 2,
    /// 2, 3, 4.5 and 6.75 s. From 1 to 6. Default: 1, so that a failure shows at once. Over HTTP, the pauses are real after
    /// no answer and after 429, 502, 503 and 504, also with a virtual clock: a server that is starting gets time.
    /// </summary>
    public int Attempts { get; init; } = 1;

    /// <summary>What happens when an iteration has failed that often. Default: the run ends.</summary>
    public FailureHandling OnFailure { get; init; }

    /// <summary>Defects of the real operator to repeat. Default: none.</summary>
    public OperatorDefects Defects { get; init; }

    /// <summary>
    /// Where the time comes from. Default: a <see cref="VirtualClock"/>, so that pauses take no time. With
    /// <see cref="TimeProvider.System"/> the loop runs in real time.
    /// </summary>
    public TimeProvider Clock { get; init; } = new VirtualClock();

    /// <summary>Gives the id of the next iteration. Default: random UUIDs. <see cref="IterationIds.Numbered"/> repeats itself from run to run.</summary>
    public Func<string> NewId { get; init; } = IterationIds.Random();

    /// <summary>Is told of every iteration when it is finished.</summary>
    public Action<Iteration>? OnIteration { get; init; }

    /// <summary>Iterations from an earlier run, the newest last: the run begins with their history. Default: none.</summary>
    public IReadOnlyList<Iteration> EarlierIterations { get; init; } = [];

    /// <summary>The client that calls endpoints; null for one of its own. Not disposed of.</summary>
    public HttpClient? HttpClient { get; init; }

    /// <summary>
    /// Whether a server is asked, too, why each plan is as it is, at the address <c>explain</c> beside that of plan: for
    /// <see cref="Iteration.Explanation"/>. A server that does not tell is no failure. Steps of this process always tell. Default: false.
    /// </summary>
    public bool Explain { get; init; }

    /// <summary>
    /// Records every call for <see cref="Replay"/>; null for no recording. Not disposed of. Over HTTP it records what was
    /// sent and what came back, with the address as the name of the algorithm.
    /// </summary>
    public CallRecorder? Record { get; init; }

    /// <summary>
    /// The steps that are asked twice: when the run is over, a few of their calls (early, middle and late ones) are made again,
    /// and the run fails if one is answered differently, for then the step is no function of its context. Default: analyze and
    /// plan; monitor looks at the world, and is asked only if it is named here and uses no <see cref="Service{T}"/>. Empty for
    /// none. It takes at most as long as the run, and is no part of the recording; a server that records its own calls records
    /// these too.
    /// </summary>
    public IReadOnlyCollection<Step> AskTwice { get; init; } = [Step.Analyze, Step.Plan];

    /// <summary>How many calls are made again at least.</summary>
    internal int LeastAsked { get; init; }

    /// <summary>Whether plans may name what the operator does not scale, such as a StatefulSet.</summary>
    internal bool AnyKind { get; init; }

    private static TimeSpan LongestPause => TimeSpan.FromDays(49);

    internal void Validate()
    {
        var problems = new List<string>();
        Check(MinParallelism >= 1, Invariant($"MinParallelism has to be at least 1, it is {MinParallelism}"));
        Check(
            MaxParallelism >= MinParallelism,
            Invariant($"MaxParallelism has to be at least MinParallelism, they are {MaxParallelism} and {MinParallelism}"));
        Check(HistoryLength >= 1, Invariant($"HistoryLength has to be at least 1, it is {HistoryLength}"));
        Check(Interval >= TimeSpan.Zero && Interval <= LongestPause, $"Interval has to be from 0 to {LongestPause.Days} days, it is {Interval}");
        Check(StepTimeout > TimeSpan.Zero, $"StepTimeout has to be positive, it is {StepTimeout}");
        Check(Attempts is >= 1 and <= 6, Invariant($"Attempts has to be from 1 to 6, it is {Attempts}"));
        Check(
            !Defects.HasFlag(OperatorDefects.LongSilence) || OnFailure == FailureHandling.GoOn,
            "the defect LongSilence needs OnFailure to be GoOn, for a run that ends is not silent");
        Check(Clock is not null, "Clock is null");
        Check(NewId is not null, "NewId is null");
        Check(EarlierIterations is not null, "EarlierIterations is null");
        Check(AskTwice is not null, "AskTwice is null; leave it empty to ask no step twice");
        if (problems.Count > 0)
        {
            throw new ArgumentException($"The local operator cannot run like this: {string.Join("; ", problems)}.");
        }

        void Check(bool isFine, string problem)
        {
            if (!isFine)
            {
                problems.Add(problem);
            }
        }
    }
}
