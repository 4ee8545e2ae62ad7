using System.Text.Json;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Kta.Functional.Algorithms;
using Kta.Functional.Calls;
using Kta.Functional.Soak.Load;

namespace Kta.Functional.Benchmarks;

/// <summary>
/// A whole call without a network: reading, checking, the step, the reply. Beside it, what it takes to read the same bytes
/// into plain records, into a document, or token by token.
/// </summary>
[MemoryDiagnoser]
[HideColumns("Error", "StdDev", "RatioSD", "Gen0", "Gen1", "Gen2", "Alloc Ratio")]
public class PartsBenchmark
{
    private readonly StepRunner _looksAtNothing = RunnerOf(ctx => Plan.ForEach(ctx.Topology, _ => 1));
    private readonly StepRunner _looksAtTen = RunnerOf(ctx => Plan.ForEach(ctx.Topology, _ => 1 + Sum(ctx.History.Take(10))));
    private readonly StepRunner _walksAll = RunnerOf(ctx => Plan.ForEach(ctx.Topology, _ => 1 + Sum(ctx.History)));
    private byte[] _body = [];

    /// <summary>Whether the 2,000 entries of the history differ in more than numbers.</summary>
    [Params(false, true)]
    public bool Varied { get; set; }

    /// <summary>Runs them all in this process.</summary>
    internal static void Run() =>
        BenchmarkRunner.Run<PartsBenchmark>(
            DefaultConfig.Instance
                .WithArtifactsPath("artifacts/bench/parts")
                .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));

    /// <summary>Makes the request: three nodes.</summary>
    [GlobalSetup]
    public void Prepare() => _body = OperatorBody.Plan(3, 2_000, Varied ? Entries.Varied : Entries.Alike);

    /// <summary>What the other side of the comparison does: everything becomes an object.</summary>
    [Benchmark(Baseline = true)]
    public object? Deserialize() => JsonSerializer.Deserialize(_body, PlainJson.Default.PlainRequest);

    /// <summary>A call whose step reads every entry of the history.</summary>
    [Benchmark]
    public Task<StepReply> WalkAllEntries() => _walksAll.RunAsync(Step.Plan, _body);

    /// <summary>A call whose step reads the ten newest entries.</summary>
    [Benchmark]
    public Task<StepReply> WalkTenEntries() => _looksAtTen.RunAsync(Step.Plan, _body);

    /// <summary>A call whose step reads none: checking alone.</summary>
    [Benchmark]
    public Task<StepReply> LookAtNoEntry() => _looksAtNothing.RunAsync(Step.Plan, _body);

    /// <summary>The least that a reader of tokens has to do.</summary>
    [Benchmark]
    public int ReadTokens()
    {
        var reader = new Utf8JsonReader(_body);
        var tokens = 0;
        while (reader.Read())
        {
            tokens++;
        }

        return tokens;
    }

    /// <summary>A document of the whole request.</summary>
    [Benchmark]
    public int ParseDocument()
    {
        using var document = JsonDocument.Parse(_body);
        return document.RootElement.GetProperty("resultHistory").GetArrayLength();
    }

    private static StepRunner RunnerOf(Func<PlanContext<DummyMonitorResult, DummyAnalyzeResult>, Plan> plan) =>
        new(Algorithm.For<DummyMonitorResult, DummyAnalyzeResult>().WithPlan(plan));

    private static int Sum(IEnumerable<HistoryEntry<DummyMonitorResult, DummyAnalyzeResult>> history)
    {
        var sum = 0;
        foreach (var entry in history)
        {
            sum += (int)(entry.MonitorResult.NumInvocations & 1) + (entry.AnalyzeResult?.ToggleState ?? 0) + entry.Plan.Count + entry.Parallelism.Count;
        }

        return sum;
    }
}
