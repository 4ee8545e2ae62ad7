namespace Kta.Functional.Algorithms;

/// <summary>
/// An autoscaler to try things out with: every few iterations it swaps two replica counts, alternating along the
/// topology. It looks at no metric, so it runs anywhere, and what it does next can be told in advance.
/// </summary>
/// <remarks>
/// <para>Monitor counts iterations (the newest history entry's count plus one). Analyze keeps the newest entry's state and flips it when the
/// count is a multiple of the threshold. Plan gives node <c>i</c> the first count if state plus <c>i</c> is even, otherwise the second.</para>
/// <para>The same algorithm, with the same names on the wire, as the Python SDK's dummy autoscaler: steps of both can share a loop.</para>
/// </remarks>
public static class DummyAutoscaler
{
    private const string Name = "dummy";

    /// <summary>All three steps.</summary>
    /// <param name="options">The settings; null for the defaults: threshold 2, replicas 4 and 2.</param>
    public static Algorithm<DummyMonitorResult, DummyAnalyzeResult> Create(DummyOptions? options = null)
    {
        var settings = options ?? new DummyOptions();
        return Algorithm.Create<DummyMonitorResult, DummyAnalyzeResult>(
            monitor: ctx => Count(ctx.History),
            analyze: ctx => Toggle(ctx.MonitorResult, ctx.History, settings),
            plan: ctx => Alternate(ctx.Topology, ctx.AnalyzeResult, settings)).AsKnownStateless() with
        {
            Name = Name,
            MonitorCodec = Codec.Json<DummyMonitorResult>(DummyResults.Default),
            AnalyzeCodec = Codec.Json<DummyAnalyzeResult>(DummyResults.Default),
        };
    }

    /// <summary>Only the monitor step.</summary>
    public static Algorithm<DummyMonitorResult, DummyAnalyzeResult> CreateMonitor() =>
        Create().WithOnly(Step.Monitor);

    /// <summary>Only the analyze and plan steps.</summary>
    /// <param name="options">The settings; null for the defaults: threshold 2, replicas 4 and 2.</param>
    public static Algorithm<DummyMonitorResult, DummyAnalyzeResult> CreateAnalyzeAndPlan(DummyOptions? options = null) =>
        Create(options).WithOnly(Step.Analyze, Step.Plan);

    internal static DummyMonitorResult Count(History<DummyMonitorResult, DummyAnalyzeResult> history) =>
        new((history.Latest?.MonitorResult.NumInvocations ?? 0) + 1);

    internal static DummyAnalyzeResult Toggle(
        DummyMonitorResult monitored, History<DummyMonitorResult, DummyAnalyzeResult> history, DummyOptions options)
    {
        var state = history.Latest?.AnalyzeResult?.ToggleState ?? 0;
        return new(monitored.NumInvocations % options.ToggleThreshold == 0 ? 1 - state : state);
    }

    internal static Plan Alternate(Topology topology, DummyAnalyzeResult analyzed, DummyOptions options) =>
        Functional.Plan.Of(
            topology.Select((node, i) => KeyValuePair.Create(node, options.ReplicasInState((analyzed.ToggleState + i) % 2))));
}
