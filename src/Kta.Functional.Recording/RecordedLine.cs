namespace Kta.Functional.Recording;

/// <summary>One line of a recording: a call, a note that calls are missing, or something that cannot be read.</summary>
/// <param name="File">The file, or null if it was read from a stream or made in memory.</param>
/// <param name="Number">The number of the line, counted from 1 in its file.</param>
public sealed record RecordedLine(string? File, long Number)
{
    /// <summary>The call, or null if the line is none.</summary>
    public CallRecord? Call { get; init; }

    /// <summary>How many calls were not recorded at this place, because the disk was too slow or failed.</summary>
    public long Dropped { get; init; }

    /// <summary>Why the line cannot be read, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether the line ends too early, as the last one of a process that was killed does.</summary>
    public bool IsTorn { get; init; }
}
