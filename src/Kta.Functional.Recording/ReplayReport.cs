namespace Kta.Functional.Recording;

/// <summary>What <see cref="Replay"/> has found. Everything is in the order of the recording.</summary>
public sealed class ReplayReport
{
    internal ReplayReport(string algorithm, IReadOnlyCollection<Step> steps) => (Algorithm, Steps) = (algorithm, steps);

    /// <summary>What was asked again: the name and version of the algorithm, or what steps elsewhere were called.</summary>
    public string Algorithm { get; }

    /// <summary>The steps it has.</summary>
    internal IReadOnlyCollection<Step> Steps { get; }

    /// <summary>
    /// Whether answers were handed on to the later calls, see <see cref="Replay.RunClosedLoopAsync(Algorithm, string, int?, int?, CancellationToken)"/>;
    /// else each call was asked by itself, with the recorded request.
    /// </summary>
    public required bool IsClosedLoop { get; init; }

    /// <summary>The names and versions of the algorithms that were recorded.</summary>
    public required IReadOnlyList<string> RecordedAlgorithms { get; init; }

    /// <summary>How many calls the recording holds.</summary>
    public required int Calls { get; init; }

    /// <summary>How many of them were called again and compared.</summary>
    public int Compared => Calls - NotComparable.Count;

    /// <summary>The calls that are answered differently now.</summary>
    public required IReadOnlyList<ReplayDifference> Differences { get; init; }

    /// <summary>The calls that say nothing about the algorithm: the time was up, the caller had gone, the step is served elsewhere.</summary>
    public required IReadOnlyList<NotComparableCall> NotComparable { get; init; }

    /// <summary>
    /// The lines that cannot be read, for example the torn last line of a process that was killed; also files that are missing,
    /// as lines with the number 0.
    /// </summary>
    public required IReadOnlyList<RecordedLine> UnreadableLines { get; init; }

    /// <summary>How many calls the recorder had to drop, by its own notes in the recording.</summary>
    public required long Dropped { get; init; }

    /// <summary>
    /// Files beside the recording that look like a part of it, but are copies or belong to others, so they were not read.
    /// Empty unless a path was replayed.
    /// </summary>
    public required IReadOnlyList<string> FilesNotRead { get; init; }

    /// <summary>Whether no call is answered differently. The recording may be incomplete nevertheless.</summary>
    public bool IsSame => Differences.Count == 0;

    /// <summary>Whether the recording holds all of its calls: every line can be read, no file is missing, no call was dropped.</summary>
    public bool IsComplete => UnreadableLines.Count == 0 && Dropped == 0;

    /// <summary>The report to read: a summary, and a table of the differences.</summary>
    /// <param name="mostRows">How many rows a table has at most.</param>
    public string ToText(int mostRows = ReplayText.MostRows) => ReplayText.Write(this, mostRows);

    /// <summary>For tests: throws unless calls were compared, none is answered differently, and none is missing.</summary>
    /// <param name="allowIncomplete">Whether lines that cannot be read, missing files and dropped calls are accepted.</param>
    /// <exception cref="ReplayException">There are differences, nothing to compare, or calls that are missing. The message is the whole report.</exception>
    public void ThrowIfDifferent(bool allowIncomplete = false)
    {
        if (!IsSame || Compared == 0 || (!IsComplete && !allowIncomplete))
        {
            throw new ReplayException(this);
        }
    }

    /// <inheritdoc cref="ToText"/>
    public override string ToString() => ToText();
}

/// <summary>A call that is answered differently than when it was recorded.</summary>
/// <param name="File">The file of the recording, or null if it was none.</param>
/// <param name="Line">The number of the line in the file, from 1.</param>
/// <param name="Step">The step.</param>
/// <param name="IterationId">The id of the iteration, or null if the request has none that can be read.</param>
/// <param name="Path">The JSON path of the first difference in the reply; <c>$</c> if one of both is an error. Nodes stand as <c>['Deployment/orders']</c>.</param>
/// <param name="Recorded">What was recorded there.</param>
/// <param name="Replayed">What is there now.</param>
public sealed record ReplayDifference(
    string? File, long Line, Step Step, string? IterationId, string Path, string Recorded, string Replayed)
{
    /// <summary>
    /// Whether the request was not the recorded one, because an earlier answer of a closed loop differs: then this answer may
    /// only follow from that one.
    /// </summary>
    public bool IsRequestChanged { get; init; }

    /// <summary>Where plan gave other reasons than those recorded, side by side; empty for other steps, and if no reasons were recorded or given.</summary>
    public IReadOnlyList<ReasonDifference> Reasons { get; init; } = [];
}

/// <summary>A call that was not called again.</summary>
/// <param name="File">The file of the recording, or null if it was none.</param>
/// <param name="Line">The number of the line in the file, from 1.</param>
/// <param name="Step">The step.</param>
/// <param name="Reason">Why it says nothing about the algorithm.</param>
public sealed record NotComparableCall(string? File, long Line, Step Step, string Reason);

/// <summary>A replay has found differences, nothing to compare, or a recording with gaps.</summary>
public sealed class ReplayException : Exception
{
    internal ReplayException(ReplayReport report)
        : base(ReplayText.WriteFailure(report)) => Report = report;

    /// <summary>What was found.</summary>
    public ReplayReport Report { get; }
}
