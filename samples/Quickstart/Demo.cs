using Kta.Functional;
using Kta.Functional.Algorithms;
using Kta.Functional.Http;
using Kta.Functional.Simulation;

namespace Quickstart;

/// <summary>The whole way over HTTP, without a cluster: a server, and a loop that calls it as the operator does.</summary>
internal static class Demo
{
    private const int Iterations = 12;

    internal static async Task<int> RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var backend = new HttpBackend("127.0.0.1", 0);
        backend.Setup(DummyAutoscaler.Create());
        await using var server = await backend.StartAsync(cancellationToken);

        Topology topology = [TopologyNode.Deployment("orders"), TopologyNode.Deployment("payments"), TopologyNode.Deployment("mails")];
        var clock = new VirtualClock();
        var run = await LocalOperator.RunAsync(
            StepEndpoints.At(server.BaseAddress.ToString()),
            topology,
            Iterations,
            new LocalOperatorOptions { Clock = clock, Interval = TimeSpan.FromSeconds(30), NewId = IterationIds.Numbered() },
            cancellationToken);

        await output.WriteLineAsync();
        await output.WriteLineAsync($"{Iterations} iterations of the MAPE-K loop over {server.BaseAddress}, one every 30 s of the loop's own time:");
        await output.WriteLineAsync();
        await output.WriteAsync(run.ToTable());
        return 0;
    }
}
