using System.Text.Json.Nodes;

namespace Kta.Functional.Tests.CSharp;

/// <summary>
/// One decision, written in all the ways C# has for it. That these compile without a warning is what is tested first.
/// </summary>
public static class Forms
{
    /// <summary>Three steps: 12,000 records per second, 5,000 per instance, so 3 of each node.</summary>
    public static IReadOnlyDictionary<string, Algorithm<Load, Demand>> OfThreeSteps { get; } =
        new Dictionary<string, Algorithm<Load, Demand>>
        {
            ["synchronous"] = Algorithm.Create<Load, Demand>(
                monitor: ctx => new Load(12_000),
                analyze: ctx => new Demand((int)Math.Ceiling(ctx.MonitorResult.RecordsPerSecond / 5_000)),
                plan: ctx => Plan.ForEach(ctx.Topology, node => ctx.AnalyzeResult.Instances)),

            ["asynchronous plan"] = Algorithm.Create<Load, Demand>(
                monitor: ctx => new Load(12_000),
                analyze: ctx => Need(ctx.MonitorResult),
                plan: async (ctx, ct) => await PlanLater(ctx, ct)),

            ["asynchronous analyze"] = Algorithm.Create<Load, Demand>(
                monitor: ctx => new Load(12_000),
                analyze: async (ctx, ct) => await NeedLater(ctx.MonitorResult, ct),
                plan: ctx => ctx.ForEachNode(_ => ctx.AnalyzeResult.Instances)),

            ["asynchronous analyze and plan"] = Algorithm.Create<Load, Demand>(
                monitor: ctx => new Load(12_000),
                analyze: async (ctx, ct) => await NeedLater(ctx.MonitorResult, ct),
                plan: async (ctx, ct) => await PlanLater(ctx, ct)),

            ["asynchronous monitor"] = Algorithm.Create<Load, Demand>(
                monitor: async (ctx, ct) => new Load(await RateLater(ct)),
                analyze: ctx => Need(ctx.MonitorResult),
                plan: ctx => ctx.ForEachNode(_ => ctx.AnalyzeResult.Instances)),

            ["asynchronous monitor and plan"] = Algorithm.Create<Load, Demand>(
                monitor: async (ctx, ct) => new Load(await RateLater(ct)),
                analyze: ctx => Need(ctx.MonitorResult),
                plan: async (ctx, ct) => await PlanLater(ctx, ct)),

            ["asynchronous monitor and analyze"] = Algorithm.Create<Load, Demand>(
                monitor: async (ctx, ct) => new Load(await RateLater(ct)),
                analyze: async (ctx, ct) => await NeedLater(ctx.MonitorResult, ct),
                plan: ctx => ctx.ForEachNode(_ => ctx.AnalyzeResult.Instances)),

            ["asynchronous"] = Algorithm.Create<Load, Demand>(
                monitor: async (ctx, ct) => new Load(await RateLater(ct)),
                analyze: async (ctx, ct) => await NeedLater(ctx.MonitorResult, ct),
                plan: async (ctx, ct) => await PlanLater(ctx, ct)),

            ["tasks without async"] = Algorithm.Create<Load, Demand>(
                monitor: (_, _) => Task.FromResult(new Load(12_000)),
                analyze: (ctx, ct) => NeedLater(ctx.MonitorResult, ct),
                plan: PlanLater),

            ["method groups"] = Algorithm.Create<Load, Demand>(MonitorNow, AnalyzeNow, PlanNow),

            ["asynchronous method groups"] = Algorithm.Create<Load, Demand>(MonitorLater, AnalyzeLater, PlanLater),

            ["stepwise"] = Algorithm
                .Monitor(ctx => new Load(12_000))
                .Analyze(ctx => Need(ctx.MonitorResult))
                .Plan(ctx => ctx.ForEachNode(_ => ctx.AnalyzeResult.Instances)),

            ["stepwise, asynchronous"] = Algorithm
                .Monitor(async (ctx, ct) => new Load(await RateLater(ct)))
                .Analyze(async (ctx, ct) => await NeedLater(ctx.MonitorResult, ct))
                .Plan(async (ctx, ct) => await PlanLater(ctx, ct)),

            ["For and With"] = Algorithm.For<Load, Demand>()
                .WithMonitor(ctx => new Load(12_000))
                .WithAnalyze(ctx => Need(ctx.MonitorResult))
                .WithPlan(ctx => ctx.ForEachNode(_ => ctx.AnalyzeResult.Instances)),

            ["For and With, asynchronous"] = Algorithm.For<Load, Demand>()
                .WithMonitor(async (ctx, ct) => new Load(await RateLater(ct)))
                .WithAnalyze(async (ctx, ct) => await NeedLater(ctx.MonitorResult, ct))
                .WithPlan(PlanLater),

            ["with expression"] = Algorithm.For<Load, Demand>() with
            {
                Monitor = new(ctx => new Load(12_000)),
                Analyze = new(async (ctx, ct) => await NeedLater(ctx.MonitorResult, ct)),
                Plan = new(PlanNow),
            },
        };

    /// <summary>Two steps, for a policy without an analyze endpoint: 3 of each node.</summary>
    public static IReadOnlyDictionary<string, Algorithm<Load, JsonObject>> OfTwoSteps { get; } =
        new Dictionary<string, Algorithm<Load, JsonObject>>
        {
            ["synchronous"] = Algorithm.Create<Load>(
                monitor: ctx => new Load(12_000), plan: ctx => ctx.ForEachNode(_ => Instances(ctx.MonitorResult))),

            ["asynchronous plan"] = Algorithm.Create<Load>(
                monitor: ctx => new Load(12_000),
                plan: async (ctx, ct) => await Later(ctx.ForEachNode(_ => Instances(ctx.MonitorResult)), ct)),

            ["asynchronous monitor"] = Algorithm.Create<Load>(
                monitor: async (ctx, ct) => new Load(await RateLater(ct)),
                plan: ctx => ctx.ForEachNode(_ => Instances(ctx.MonitorResult))),

            ["asynchronous"] = Algorithm.Create<Load>(
                monitor: async (ctx, ct) => new Load(await RateLater(ct)),
                plan: async (ctx, ct) => await Later(ctx.ForEachNode(_ => Instances(ctx.MonitorResult)), ct)),

            ["stepwise"] = Algorithm
                .Monitor(ctx => new Load(12_000)).Plan(ctx => ctx.ForEachNode(_ => Instances(ctx.MonitorResult))),

            ["stepwise, asynchronous"] = Algorithm
                .Monitor(async (ctx, ct) => new Load(await RateLater(ct)))
                .Plan(async (ctx, ct) => await Later(ctx.ForEachNode(_ => Instances(ctx.MonitorResult)), ct)),
        };

    private static Load MonitorNow(MonitorContext<Load, Demand> ctx) => new(12_000);

    private static Demand? AnalyzeNow(AnalyzeContext<Load, Demand> ctx) => Need(ctx.MonitorResult);

    private static Plan PlanNow(PlanContext<Load, Demand> ctx) => ctx.ForEachNode(_ => ctx.AnalyzeResult.Instances);

    private static async Task<Load> MonitorLater(MonitorContext<Load, Demand> ctx, CancellationToken ct) => new(await RateLater(ct));

    private static Task<Demand?> AnalyzeLater(AnalyzeContext<Load, Demand> ctx, CancellationToken ct) => NeedLater(ctx.MonitorResult, ct);

    private static async Task<Plan> PlanLater(PlanContext<Load, Demand> ctx, CancellationToken ct) => await Later(PlanNow(ctx), ct);

    private static Demand Need(Load load) => new(Instances(load));

    private static async Task<Demand?> NeedLater(Load load, CancellationToken ct) => await Later(Need(load), ct);

    private static Task<double> RateLater(CancellationToken ct) => Later(12_000.0, ct);

    private static int Instances(Load load) => (int)Math.Ceiling(load.RecordsPerSecond / 5_000);

    private static async Task<T> Later<T>(T value, CancellationToken ct)
    {
        await Task.Yield();
        ct.ThrowIfCancellationRequested();
        return value;
    }
}
