using Kta.Functional.Calls;

namespace Kta.Functional.Recording;

/// <summary>Calls an algorithm again with the requests of a recording, and tells which of its answers differ.</summary>
/// <remarks>
/// <see cref="RunAsync(Algorithm, string, int, CancellationToken)"/> asks each call by itself, with exactly the bytes that were recorded: a changed
/// analyze shows in the answers of analyze alone. <see cref="RunClosedLoopAsync(Algorithm, string, int?, int?, CancellationToken)"/>
/// hands on what is answered now. Nothing goes over HTTP, and no time limit is enforced. Calls without a decision (the time was up, the caller had gone)
/// are not called again. A failure is the same if status and type of the error are; its message may differ.
/// </remarks>
/// <example>
/// <code>
/// var report = await Replay.RunAsync(algorithm, "decisions.jsonl");
/// Console.Write(report.ToText());
/// </code>
/// </example>
public static class Replay
{
    /// <summary>Replays a recording with all its rotated files, the oldest first, each call by itself.</summary>
    /// <param name="algorithm">The algorithm, or a changed one.</param>
    /// <param name="path">The path that was given to the recorder.</param>
    /// <param name="parallelism">How many calls run at once; at least 1. The report does not depend on it.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <exception cref="FileNotFoundException">There is no such recording.</exception>
    public static Task<ReplayReport> RunAsync(
        Algorithm algorithm, string path, int parallelism = 1, CancellationToken cancellationToken = default)
    {
        var files = CallRecording.Find(path);
        return RunAsync(algorithm, CallRecording.Read(files), files.Others, parallelism, cancellationToken);
    }

    /// <summary>Asks steps that are elsewhere with the requests of a recording, each by itself.</summary>
    /// <param name="name">What they are, for the report: their address, for example.</param>
    /// <param name="steps">Answers the bytes of a request. What it throws ends the replay.</param>
    /// <param name="path">The path that was given to the recorder.</param>
    /// <param name="parallelism">How many calls run at once; at least 1. The report does not depend on it.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <exception cref="FileNotFoundException">There is no such recording.</exception>
    public static Task<ReplayReport> RunAsync(
        string name, StepHandler steps, string path, int parallelism = 1, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parallelism, 1);
        var (target, files) = (ReplayTarget.Of(name, steps), CallRecording.Find(path));
        return new ReplayRun(target, loop: null).RunAsync(CallRecording.Read(files), files.Others, parallelism, cancellationToken);
    }

    /// <summary>Replays calls from anywhere, each by itself.</summary>
    /// <param name="algorithm">The algorithm, or a changed one.</param>
    /// <param name="calls">The calls; the report counts them from 1.</param>
    /// <param name="parallelism">How many calls run at once; at least 1. The report does not depend on it.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    public static Task<ReplayReport> RunAsync(
        Algorithm algorithm, IEnumerable<CallRecord> calls, int parallelism = 1, CancellationToken cancellationToken = default) =>
        RunAsync(algorithm, Counted(calls), parallelism, cancellationToken);

    /// <summary>Replays lines of <see cref="CallRecording"/>, each by itself: from certain files, from a stream, or a selection of yours.</summary>
    /// <param name="algorithm">The algorithm, or a changed one.</param>
    /// <param name="lines">The lines. Taken one by one, so that a recording may be larger than the memory.</param>
    /// <param name="parallelism">How many calls run at once; at least 1. The report does not depend on it.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    public static Task<ReplayReport> RunAsync(
        Algorithm algorithm, IEnumerable<RecordedLine> lines, int parallelism = 1, CancellationToken cancellationToken = default) =>
        RunAsync(algorithm, lines, [], parallelism, cancellationToken);

    /// <summary>Replays a recording as a loop, with all its rotated files: what a step answers now is what the later ones get.</summary>
    /// <param name="algorithm">The changed algorithm. For steps it lacks, the recorded answers stand.</param>
    /// <param name="path">The path that was given to the recorder.</param>
    /// <param name="minParallelism">The policy's minimum; null for what the recording shows of it.</param>
    /// <param name="maxParallelism">The policy's maximum; null for what the recording shows of it.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    /// <remarks>
    /// Where an answer differs from the recorded one, the new one takes its place: as monitorResult and analyzeResult of the
    /// steps that follow, and in the later histories, together with the parallelism that would have been applied. Ids, times,
    /// topologies, and which iterations a history has are the recorded ones; so is everything monitor measured outside, as the
    /// application is not simulated. An iteration that fails now is in no history, and its further steps are not called.
    /// </remarks>
    /// <exception cref="FileNotFoundException">There is no such recording.</exception>
    public static Task<ReplayReport> RunClosedLoopAsync(
        Algorithm algorithm,
        string path,
        int? minParallelism = null,
        int? maxParallelism = null,
        CancellationToken cancellationToken = default)
    {
        var files = CallRecording.Find(path);
        return new ReplayRun(ReplayTarget.Of(algorithm), Loop(minParallelism, maxParallelism))
            .RunAsync(CallRecording.Read(files), files.Others, parallelism: 1, cancellationToken);
    }

    /// <summary>Replays calls from anywhere as a loop, see the variant with a path.</summary>
    /// <param name="algorithm">The changed algorithm. For steps it lacks, the recorded answers stand.</param>
    /// <param name="calls">The calls in their order; the report counts them from 1.</param>
    /// <param name="minParallelism">The policy's minimum; null for what the recording shows of it.</param>
    /// <param name="maxParallelism">The policy's maximum; null for what the recording shows of it.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    public static Task<ReplayReport> RunClosedLoopAsync(
        Algorithm algorithm,
        IEnumerable<CallRecord> calls,
        int? minParallelism = null,
        int? maxParallelism = null,
        CancellationToken cancellationToken = default) =>
        RunClosedLoopAsync(algorithm, Counted(calls), minParallelism, maxParallelism, cancellationToken);

    /// <summary>Replays lines of <see cref="CallRecording"/> as a loop, see the variant with a path.</summary>
    /// <param name="algorithm">The changed algorithm. For steps it lacks, the recorded answers stand.</param>
    /// <param name="lines">The lines in their order.</param>
    /// <param name="minParallelism">The policy's minimum; null for what the recording shows of it.</param>
    /// <param name="maxParallelism">The policy's maximum; null for what the recording shows of it.</param>
    /// <param name="cancellationToken">Ends the replay.</param>
    public static Task<ReplayReport> RunClosedLoopAsync(
        Algorithm algorithm,
        IEnumerable<RecordedLine> lines,
        int? minParallelism = null,
        int? maxParallelism = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return new ReplayRun(ReplayTarget.Of(algorithm), Loop(minParallelism, maxParallelism)).RunAsync(lines, [], parallelism: 1, cancellationToken);
    }

    internal static string NameOf(string name, string version) => version.Length > 0 ? $"{name} {version}" : name;

    private static Task<ReplayReport> RunAsync(
        Algorithm algorithm, IEnumerable<RecordedLine> lines, IReadOnlyList<string> notRead, int parallelism, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(lines);
        ArgumentOutOfRangeException.ThrowIfLessThan(parallelism, 1);
        return new ReplayRun(ReplayTarget.Of(algorithm), loop: null).RunAsync(lines, notRead, parallelism, cancellationToken);
    }

    private static IEnumerable<RecordedLine> Counted(IEnumerable<CallRecord> calls)
    {
        ArgumentNullException.ThrowIfNull(calls);
        return calls.Select((call, i) => new RecordedLine(null, i + 1) { Call = call });
    }

    private static ClosedLoop Loop(int? min, int? max)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min ?? 1, 1, "minParallelism");
        ArgumentOutOfRangeException.ThrowIfLessThan(max ?? int.MaxValue, min ?? 1, "maxParallelism");
        return new(new AppliedBounds(min, max));
    }
}
