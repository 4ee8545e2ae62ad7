using Kta.Functional;
using Kta.Functional.Http;

// A busy day: the load follows the sun, and every node gets as many instances as it needs for the load plus a reserve.
const double RecordsPerInstance = 5_000;

var algorithm = Algorithm.Create<Load, Demand>(
        monitor: ctx => new Load(40_000 + 30_000 * Math.Sin(ctx.StartedAt.TimeOfDay.TotalDays * 2 * Math.PI)),
        analyze: ctx => new Demand(1.2 * ctx.MonitorResult.RecordsPerSecond / RecordsPerInstance),
        plan: ctx => Plan.ForEach(ctx.Topology, node => Parallelism.Of(ctx.AnalyzeResult.Instances).AtLeast(1)))
    .WithName("follow-the-sun", "1.0");

Bootstrap.Run(algorithm, new HttpBackend(new HttpBackendOptions { Args = args }));

internal sealed record Load(double RecordsPerSecond);

internal sealed record Demand(double Instances);
