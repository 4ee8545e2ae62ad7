using static System.FormattableString;

namespace Kta.Functional.Operator;

/// <summary>The limits of a <see cref="KnowledgeStore"/>.</summary>
public sealed record KnowledgeStoreOptions
{
    /// <summary>How many entries are kept of each kind for each policy, at least 1: iterations, failures, rescales, settings. Default: 1,000. The oldest is dropped.</summary>
    public int EntriesPerPolicy { get; init; } = 1000;

    /// <summary>How long to wait for another process that writes into the file, from 1 s to 1 minute. Default: 5 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    internal KnowledgeStoreOptions Checked() =>
        EntriesPerPolicy < 1 ? throw new ArgumentException(Invariant($"EntriesPerPolicy has to be at least 1, it is {EntriesPerPolicy}."))
        : Patience < TimeSpan.FromSeconds(1) || Patience > TimeSpan.FromMinutes(1) ? throw new ArgumentException($"Patience has to be from 1 second to 1 minute, it is {Patience}.")
        : this;
}
