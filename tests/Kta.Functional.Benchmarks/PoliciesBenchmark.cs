using System.Diagnostics;
using System.Globalization;
using Kta.Functional.Benchmarks.Servers;

namespace Kta.Functional.Benchmarks;

/// <summary>Memory and processor of <c>kta run</c> with many policies; their steps and their jobs of Flink are in other processes.</summary>
internal static class PoliciesBenchmark
{
    private const int Policies = 200;
    private const int History = 120;
    private const int IntervalSeconds = 5;

    internal static string[] Vertices { get; } = ["source", "map", "sink"];

    internal static async Task RunAsync(TextWriter output, TimeSpan time)
    {
        using var steps = await ServerProcess.StartAsync("steps");
        using var flink = await ServerProcess.StartAsync("flink");
        var folder = Directory.CreateTempSubdirectory("kta-bench-").FullName;
        try
        {
            var file = Path.Combine(folder, "policies.yaml");
            await File.WriteAllTextAsync(file, string.Join("---\n", Enumerable.Range(0, Policies).Select(i => Policy(i, steps.Port, flink.Port))));
            await output.WriteLineAsync($"{Policies} policies of {Vertices.Length} nodes, history {History}, every {IntervalSeconds} s, for {time.TotalSeconds} s: kta run");
            await MeasureAsync(output, file, Path.Combine(folder, "kta.db"), time);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(TextWriter output, string file, string store, TimeSpan time)
    {
        using var run = Process.Start(new ProcessStartInfo("dotnet", [Tool(), "run", file, "--store", store, "--lines"]) { RedirectStandardOutput = true })!;
        try
        {
            var (decided, sent, failed) = (0, 0, 0);
            run.OutputDataReceived += (_, line) =>
            {
                decided += line.Data?.Contains("\"plan\":", StringComparison.Ordinal) == true ? 1 : 0;
                sent += line.Data?.Contains("\"sent\"", StringComparison.Ordinal) == true ? 1 : 0;
                failed += line.Data?.Contains("\"failed\"", StringComparison.Ordinal) == true ? 1 : 0;
            };
            run.BeginOutputReadLine();
            var began = Stopwatch.GetTimestamp();
            var (most, half) = (0L, (Cpu: TimeSpan.Zero, At: TimeSpan.Zero));
            while (Stopwatch.GetElapsedTime(began) < time && !run.HasExited)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
                run.Refresh();
                most = Math.Max(most, run.WorkingSet64);
                half = half.At == TimeSpan.Zero && Stopwatch.GetElapsedTime(began) > time / 2 ? (run.TotalProcessorTime, Stopwatch.GetElapsedTime(began)) : half;
            }

            run.Refresh();
            var cpu = (run.TotalProcessorTime - half.Cpu) / (Stopwatch.GetElapsedTime(began) - half.At);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"  {run.WorkingSet64 / 1e6:0} MB resident at the end, {most / 1e6:0} MB at most; {cpu:P0} of a core in the second half, {run.TotalProcessorTime / Stopwatch.GetElapsedTime(began):P0} with the start"));
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"  {decided} decisions ({decided / Stopwatch.GetElapsedTime(began).TotalSeconds:0.0}/s), {sent} of them sent, {failed} failures"));
        }
        finally
        {
            run.Kill();
        }
    }

    private static string Policy(int number, int steps, int flink) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        apiVersion: research.dynatrace.com/v1alpha1
        kind: KtaPolicy
        metadata: { name: policy-{{number}}, namespace: bench }
        spec:
          behavior:
            reconciliationIntervalSeconds: {{IntervalSeconds}}
            maxParallelism: 32
            resultHistoryLength: {{History}}
            udfs:
              monitorEndpoint: http://127.0.0.1:{{steps}}/api/v1alpha1/monitor
              analyzeEndpoint: http://127.0.0.1:{{steps}}/api/v1alpha1/analyze
              planEndpoint: http://127.0.0.1:{{steps}}/api/v1alpha1/plan
          scaleDriver:
            type: Flink
            flinkJobManagerBaseUrl: http://127.0.0.1:{{flink}}/{{number}}
            flinkJobId: {{FlinkJobs.JobId}}
            flinkTopology: [{{string.Join(", ", Vertices.Select(vertex => $"{{ id: {vertex} }}"))}}]

        """);

    private static string Tool()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Kta.Functional.sln")))
            {
                return Path.Combine(folder.FullName, "src/Kta.Cli/bin/Release/net10.0/kta.dll");
            }
        }

        throw new InvalidOperationException("The benchmark runs outside of a checkout: there is no kta to measure.");
    }
}
