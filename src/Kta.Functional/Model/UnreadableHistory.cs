namespace Kta.Functional;

/// <summary>What happens to a history entry whose results do not fit the algorithm's types.</summary>
/// <remarks>
/// Such an entry comes back with every call until the operator restarts, so failing is seldom what you want. Only the
/// user-defined results are meant: a request that breaks the operator's own format is always refused.
/// </remarks>
public enum UnreadableHistory
{
    /// <summary>The entry is left out, the ones behind it are still there. The default.</summary>
    Skip,

    /// <summary>The history ends before the entry: what is left is without gaps.</summary>
    Cut,

    /// <summary>Reading the entry fails the call with the JSON path of what does not fit.</summary>
    Fail,
}
