using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Kta.Functional.Algorithms;
using Kta.Functional.Calls;

namespace Kta.Functional.Benchmarks;

/// <summary>A plan call of DS2 with ten stacked windows of 300 s beside the bare rule: three nodes, 2,000 entries, one every 30 s.</summary>
[MemoryDiagnoser]
[HideColumns("Error", "StdDev", "RatioSD", "Gen0", "Gen1", "Gen2", "Alloc Ratio")]
public class StrategiesBenchmark
{
    private const int Entries = 2_000;

    private static readonly string[] s_nodes = ["source", "map", "sink"];

    private readonly StepRunner _bare = new(Autoscaler.Create(Ds2.Rule()));
    private readonly StepRunner _tenWindows = new(Autoscaler.Create(
        Ds2.Rule(), [.. Enumerable.Repeat(Strategy.Stabilize(TimeSpan.FromSeconds(300)), 10)]));
    private readonly byte[] _request = Request();

    /// <summary>Runs them in this process.</summary>
    internal static void Run() =>
        BenchmarkRunner.Run<StrategiesBenchmark>(
            DefaultConfig.Instance
                .WithArtifactsPath("artifacts/bench/strategies")
                .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)));

    /// <summary>The rule alone.</summary>
    [Benchmark(Baseline = true)]
    public Task<StepReply> Rule() => _bare.RunAsync(Step.Plan, _request);

    /// <summary>The rule a hundred times again, and ten windows for each.</summary>
    [Benchmark]
    public Task<StepReply> TenWindows() => _tenWindows.RunAsync(Step.Plan, _request);

    private static byte[] Request()
    {
        var text = new StringBuilder("""{"id":"now","udfStartTimestampMillis":1800000000000,"topology":[""");
        text.AppendJoin(',', s_nodes.Select(node => TopologyNode.Flink(node).Key));
        text.Append("""],"monitorResult":""").Append(Measured(0)).Append(""","analyzeResult":{},"resultHistory":[""");
        for (var k = 1; k <= Entries; k++)
        {
            var at = 1_800_000_000_000 - (30_000L * k);
            text.Append(k > 1 ? "," : "").Append(CultureInfo.InvariantCulture, $$"""{"id":"{{k}}","udfStartTimestampMillis":{{at}},"udfEndTimestampMillis":{{at}},"monitorResult":{{Measured(k)}},"analyzeResult":{},""");
            text.Append("\"planResult\":{").AppendJoin(',', s_nodes.Select(node => $$"""{{Key(node)}}:{"parallelism":9}""")).Append("},");
            text.Append("\"parallelism\":{").AppendJoin(',', s_nodes.Select(node => $"{Key(node)}:9")).Append("}}");
        }

        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }

    /// <summary>A load that falls slowly, so that every window has to be looked through.</summary>
    private static string Measured(int k)
    {
        var rate = 2_000 + (k % 7);
        return "{\"nodes\":{" + string.Join(',', s_nodes.Select(node => string.Create(
            CultureInfo.InvariantCulture,
            $$""" "{{node}}":{"recordsIn":{{rate}},"recordsOut":{{rate}},"busy":0.5,"backPressured":0,"idle":0.5,"lag":0,"arrivals":{{rate}},"parallelism":9}"""))) + "}}";
    }

    private static string Key(string node) => System.Text.Json.JsonSerializer.Serialize(TopologyNode.Flink(node).Key);
}
