namespace Kta.Functional.Tests.CSharp;

/// <summary>docs/migrate-from-python.md, asked by Http/MigrationTests what the Python SDK was asked.</summary>
public static class MigrationSnippets
{
    /// <summary>As functions.</summary>
    public static Algorithm AsFunctions()
    {
        var (threshold, replicas) = (2, new[] { 4, 2 });

        var toggling = Algorithm.Create<Counted, Toggled>(
            monitor: ctx => new((ctx.History.Latest?.MonitorResult.NumInvocations ?? 0) + 1),
            analyze: ctx =>
            {
                var state = ctx.History.Latest?.AnalyzeResult?.ToggleState ?? 0;
                return new(ctx.MonitorResult.NumInvocations % threshold == 0 ? 1 - state : state);
            },
            plan: ctx => Plan.Of(ctx.Topology.Select(
                (node, i) => KeyValuePair.Create(node, replicas[(ctx.AnalyzeResult.ToggleState + i) % 2]))));

        return toggling;
    }

    /// <summary>As a class.</summary>
    public static Algorithm AsClass() => Algorithm.FromClass(new Toggling(2, 4, 2));
}

internal sealed record Counted(int NumInvocations);

internal sealed record Toggled(int ToggleState);

internal sealed class Toggling(int threshold, params int[] replicas) : AutoscalingAlgorithmUdfs<Counted, Toggled>
{
    public override Counted Monitor(MonitorContext<Counted, Toggled> context) =>
        new((context.History.Latest?.MonitorResult.NumInvocations ?? 0) + 1);

    public override Toggled? Analyze(AnalyzeContext<Counted, Toggled> context)
    {
        var state = context.History.Latest?.AnalyzeResult?.ToggleState ?? 0;
        return new(context.MonitorResult.NumInvocations % threshold == 0 ? 1 - state : state);
    }

    public override Plan Plan(PlanContext<Counted, Toggled> context) =>
        Kta.Functional.Plan.Of(context.Topology.Select(
            (node, i) => KeyValuePair.Create(node, replicas[(context.AnalyzeResult.ToggleState + i) % 2])));
}
