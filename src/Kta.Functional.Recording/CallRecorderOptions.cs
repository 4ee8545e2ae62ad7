using static System.FormattableString;

namespace Kta.Functional.Recording;

/// <summary>The limits of a <see cref="CallRecorder"/>. By default a recording takes at most 512 MiB.</summary>
public sealed record CallRecorderOptions
{
    /// <summary>How large a file may become before the next one is begun; at least 1 byte. Default: 64 MiB. A call that is larger gets a file of its own.</summary>
    public long MaxFileBytes { get; init; } = 64L << 20;

    /// <summary>How many files are kept, the present one included; at least 1. Default: 8. The oldest is deleted.</summary>
    public int MaxFiles { get; init; } = 8;

    /// <summary>How many bytes of calls may wait for a slow disk; at least 1. Default: 64 MiB. Further calls are dropped and counted.</summary>
    public long MaxWaitingBytes { get; init; } = 64L << 20;

    /// <summary>
    /// How long the reply of a call may wait until its line is in the file. Default: 50 ms; zero never waits. A disk that
    /// was slower is not waited for again until it has caught up.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Where the times of calls come from. Default: the system.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        string[] problems =
        [
            .. MaxFileBytes < 1 ? [Invariant($"MaxFileBytes has to be at least 1, it is {MaxFileBytes}")] : Array.Empty<string>(),
            .. MaxFiles < 1 ? [Invariant($"MaxFiles has to be at least 1, it is {MaxFiles}")] : Array.Empty<string>(),
            .. MaxWaitingBytes < 1 ? [Invariant($"MaxWaitingBytes has to be at least 1, it is {MaxWaitingBytes}")] : Array.Empty<string>(),
            .. Patience < TimeSpan.Zero || Patience > TimeSpan.FromMinutes(1)
                ? [$"Patience has to be from 0 to 1 minute, it is {Patience}"]
                : Array.Empty<string>(),
            .. Clock is null ? ["Clock is null"] : Array.Empty<string>(),
        ];
        if (problems.Length > 0)
        {
            throw new ArgumentException($"The recorder cannot work like this: {string.Join("; ", problems)}.");
        }
    }
}
