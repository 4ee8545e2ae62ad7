using System.Diagnostics.CodeAnalysis;
using Kta.Functional.Wire;

namespace Kta.Functional.Calls;

/// <summary>Binds the steps of an algorithm to the bytes of requests and replies, once.</summary>
internal sealed class StepBinder : IAlgorithmVisitor<IReadOnlyList<BoundStep>>
{
    private static readonly byte[] Nothing = [.. "{}"u8];

    /// <summary>The steps the algorithm has.</summary>
    internal static IReadOnlyList<BoundStep> Bind(Algorithm algorithm) => algorithm.Accept(new StepBinder());

    public IReadOnlyList<BoundStep> Visit<
        [DynamicallyAccessedMembers(ResultTypes.Members)] TMonitor,
        [DynamicallyAccessedMembers(ResultTypes.Members)] TAnalyze>(
        Algorithm<TMonitor, TAnalyze> algorithm)
        where TMonitor : class
        where TAnalyze : class
    {
        var (monitorCodec, analyzeCodec) = (algorithm.MonitorCodec, algorithm.AnalyzeCodec);
        var steps = new List<BoundStep>(3);
        if (algorithm.Monitor is { } monitor)
        {
            steps.Add(new BoundStep<MonitorContext<TMonitor, TAnalyze>, TMonitor>(
                Step.Monitor,
                monitor,
                request => new(request.Topology, Received(request), request.Id, request.UdfStartTimestampMillis),
                given => FreshContext.Of(given, monitorCodec, analyzeCodec),
                (_, result, output) => WriteMonitored(result, monitorCodec, output)));
        }

        if (algorithm.Analyze is { } analyze)
        {
            steps.Add(new BoundStep<AnalyzeContext<TMonitor, TAnalyze>, TAnalyze?>(
                Step.Analyze,
                analyze,
                request => new(request.Topology, Received(request), request.Id, request.UdfStartTimestampMillis),
                given => FreshContext.Of(given, monitorCodec, analyzeCodec),
                (_, result, output) => WriteAnalyzed(result, analyzeCodec, output)));
        }

        if (algorithm.Plan is { } plan)
        {
            steps.Add(new BoundStep<PlanContext<TMonitor, TAnalyze>, Plan>(
                Step.Plan,
                plan,
                request => new(request.Topology, Received(request), request.Id, request.UdfStartTimestampMillis),
                given => FreshContext.Of(given, monitorCodec, analyzeCodec),
                (context, result, output) => WritePlanned(result, context, output)));
        }

        return steps;

        ReceivedInput<TMonitor, TAnalyze> Received(ReceivedRequest request) =>
            new(request, monitorCodec, analyzeCodec, algorithm.UnreadableHistory);
    }

    private static void WriteMonitored<T>(T? result, ResultCodec<T> codec, StepOutput output)
        where T : class
    {
        output.Body = JsonBytes.Of(
            result ?? throw new UdfResultException(
                $"monitor answered null. It has to answer a {TypeText.Of(typeof(T))}; only analyze may have nothing to say."),
            codec.Write);
        output.IsReadAlike = codec.IsShareable;
    }

    private static void WriteAnalyzed<T>(T? result, ResultCodec<T> codec, StepOutput output)
        where T : class
    {
        if (result is null)
        {
            output.Body = Nothing;
        }
        else
        {
            output.Body = JsonBytes.Of(result, codec.Write);
            output.IsReadAlike = codec.IsShareable;
        }
    }

    private static void WritePlanned<TMonitor, TAnalyze>(Plan? result, PlanContext<TMonitor, TAnalyze> context, StepOutput output)
        where TMonitor : class
        where TAnalyze : class
    {
        var plan = (result ?? throw new UdfResultException("plan answered null. It has to answer a Plan with an entry for every node."))
            .For(context.Topology);
        output.ShortHistory = context.ShortHistory;
        if (output.WantsDecision)
        {
            output.Decide(context.Topology, plan, context.Applied);
        }

        output.Body = JsonBytes.Of(plan, PlanWriter.Write);
    }
}
