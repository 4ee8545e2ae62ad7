namespace Kta.Functional;

/// <summary>A rule or strategy has looked back to the end of the history, and wanted to go on.</summary>
/// <param name="Message">Who, and how far.</param>
/// <param name="Topology">The nodes the iteration is about.</param>
/// <param name="StartedAt">When the iteration started.</param>
/// <param name="Entries">How many entries there were.</param>
/// <param name="Oldest">When the oldest of them started; null if there was none.</param>
internal sealed record ShortHistory(string Message, Topology Topology, DateTimeOffset StartedAt, int Entries, DateTimeOffset? Oldest)
{
    /// <summary>What is to be said about a call, or null if the history has not ended but is interrupted.</summary>
    internal static ShortHistory? Of<TMonitor, TAnalyze>(PlanContext<TMonitor, TAnalyze> context, string message, int entries)
        where TMonitor : class
        where TAnalyze : class =>
        context.History.EndsAt(entries)
            ? new(message, context.Topology, context.StartedAt, entries, entries == 0 ? null : context.History[entries - 1].StartedAt)
            : null;
}
