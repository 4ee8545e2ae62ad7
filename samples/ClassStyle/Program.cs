using Kta.Functional;
using Kta.Functional.Http;

Bootstrap.Run(new CarefulAutoscaler(recordsPerInstance: 5_000), new HttpBackend(new HttpBackendOptions { Args = args }));

/// <summary>Scales up at once, and down only when the last three iterations agree that less is enough.</summary>
internal sealed class CarefulAutoscaler(int recordsPerInstance) : AutoscalingAlgorithmUdfs<Load, Demand>
{
    public override Load Monitor(MonitorContext<Load, Demand> context) =>
        new(40_000 + 30_000 * Math.Sin(context.StartedAt.TimeOfDay.TotalDays * 2 * Math.PI));

    public override Demand? Analyze(AnalyzeContext<Load, Demand> context)
    {
        var needed = Parallelism.Of(context.MonitorResult.RecordsPerSecond / recordsPerInstance).AtLeast(1);
        var recent = context.History.Take(3).Select(entry => entry.AnalyzeResult?.Needed ?? needed);
        return new(needed, recent.Append(needed).Max());
    }

    public override Plan Plan(PlanContext<Load, Demand> context) =>
        context.ForEachNode(node => context.AnalyzeResult.Recommended);
}

internal sealed record Load(double RecordsPerSecond);

internal sealed record Demand(int Needed, int Recommended);
