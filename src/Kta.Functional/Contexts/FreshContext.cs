using System.Buffers;

namespace Kta.Functional;

/// <summary>
/// Given contexts with results of their own, as if they had come over the wire again: what one call does to them is nothing to
/// the next.
/// </summary>
internal static class FreshContext
{
    internal static MonitorContext<TMonitor, TAnalyze> Of<TMonitor, TAnalyze>(
        MonitorContext<TMonitor, TAnalyze> context, ResultCodec<TMonitor> monitor, ResultCodec<TAnalyze> analyze)
        where TMonitor : class
        where TAnalyze : class =>
        new(context.Topology, Copy(context.History, monitor, analyze), context.Id, context.UdfStartTimestampMillis);

    internal static AnalyzeContext<TMonitor, TAnalyze> Of<TMonitor, TAnalyze>(
        AnalyzeContext<TMonitor, TAnalyze> context, ResultCodec<TMonitor> monitor, ResultCodec<TAnalyze> analyze)
        where TMonitor : class
        where TAnalyze : class =>
        new(
            context.Topology,
            Copy(context.MonitorResult, monitor),
            Copy(context.History, monitor, analyze),
            context.Id,
            context.UdfStartTimestampMillis);

    internal static PlanContext<TMonitor, TAnalyze> Of<TMonitor, TAnalyze>(
        PlanContext<TMonitor, TAnalyze> context, ResultCodec<TMonitor> monitor, ResultCodec<TAnalyze> analyze)
        where TMonitor : class
        where TAnalyze : class =>
        new(
            context.Topology,
            Copy(context.MonitorResult, monitor),
            context.AnalyzeResultOrNull is { } analyzed ? Copy(analyzed, analyze) : null,
            Copy(context.History, monitor, analyze),
            context.Id,
            context.UdfStartTimestampMillis);

    /// <summary>Copied as far as the step looks.</summary>
    private static IEnumerable<HistoryEntry<TMonitor, TAnalyze>> Copy<TMonitor, TAnalyze>(
        History<TMonitor, TAnalyze> history, ResultCodec<TMonitor> monitor, ResultCodec<TAnalyze> analyze)
        where TMonitor : class
        where TAnalyze : class =>
        history.Select(entry => new HistoryEntry<TMonitor, TAnalyze>(
            Copy(entry.MonitorResult, monitor),
            entry.AnalyzeResult is { } analyzed ? Copy(analyzed, analyze) : null,
            entry.Plan,
            entry.Parallelism,
            entry.Id,
            entry.UdfStartTimestampMillis,
            entry.UdfEndTimestampMillis));

    private static T Copy<T>(T result, ResultCodec<T> codec)
        where T : class
    {
        var output = new ArrayBufferWriter<byte>();
        codec.Write(result, output);
        return codec.Read(output.WrittenSpan);
    }
}
