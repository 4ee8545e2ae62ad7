namespace Kta.Functional.Recording;

/// <summary>Something that goes wrong with a recording, or is well again. No call fails because of it.</summary>
/// <param name="Message">What happened, and what it means for the recording.</param>
/// <param name="Error">What the file system reported, or null.</param>
/// <param name="Dropped">How many calls have not been recorded since the recorder was made.</param>
public sealed record RecordingProblem(string Message, Exception? Error, long Dropped);
