using Kta.Functional.Http;
using Kta.Functional.Recording;
using Kta.Functional.Simulation;

namespace Kta.Functional.Tests.CSharp;

/// <summary>What docs/record-and-replay.md shows in C#. A test compares.</summary>
public static class RecordingSnippets
{
    public static void Record(Algorithm algorithm)
    {
        var recorded = new HttpBackend(new HttpBackendOptions { RecordPath = "decisions.jsonl" });
        Bootstrap.Run(algorithm, recorded);
    }

    public static async Task<(HttpBackend Backend, LocalOperatorOptions Simulated)> Share()
    {
        await using var recorder = new CallRecorder("decisions.jsonl", new CallRecorderOptions { MaxFiles = 30 });
        recorder.Problem += (_, problem) => Console.Error.WriteLine(problem.Message);

        var backend = new HttpBackend(new HttpBackendOptions { Record = recorder });
        var simulated = new LocalOperatorOptions { Record = recorder };
        return (backend, simulated);
    }

    public static async Task Compare(Algorithm algorithm)
    {
        var report = await Replay.RunAsync(algorithm, "decisions.jsonl");
        Console.Write(report.ToText());
    }

    public static async Task CompareAsLoop(Algorithm algorithm)
    {
        var report = await Replay.RunClosedLoopAsync(algorithm, "decisions.jsonl", maxParallelism: 8);
        Console.Write(report.ToText());
    }

    public static async Task Test(Algorithm algorithm)
    {
        var report = await Replay.RunAsync(algorithm, "decisions.jsonl");
        report.ThrowIfDifferent();
    }
}
