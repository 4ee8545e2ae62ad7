namespace Kta.Functional.Hosting;

/// <summary>A call of a step that <see cref="PendingCalls"/> keeps an eye on.</summary>
internal abstract class WatchedCall(CancellationToken callerGone)
{
    protected CancellationToken CallerGone { get; } = callerGone;

    /// <summary>Where the call stands in the list of its watcher, -1 when it is not there.</summary>
    internal int Place { get; set; } = -1;

    /// <summary>The same among the calls that are likely to be brief.</summary>
    internal int BriefPlace { get; set; } = -1;

    /// <summary>The timestamp at which the time of the call is up.</summary>
    internal long Limit { get; set; }

    internal bool IsOver(long now) => now >= Limit || CallerGone.IsCancellationRequested;

    /// <summary>The time is up, or nobody waits any more. May come at the moment at which the call ends by itself.</summary>
    internal abstract void End();
}
