using Kta.Functional.Algorithms;
using Kta.Functional.Files;
using Kta.Functional.Http;
using Kta.Functional.Monitoring;
using Kta.Functional.Simulation;

namespace Kta.Functional.Tests.CSharp;

/// <summary>docs/notebook-to-cluster.md, run by Simulation/StoryTests.</summary>
public static class StorySnippets
{
    /// <summary>An idea, as it stands in a notebook.</summary>
    public static ScalingRule Idea()
    {
        var steady = Rule.Of("60 % busy", (now, context) => Plan.ForEach(context.Topology, node =>
        {
            var current = context.CurrentParallelism(node, now) ?? 1;
            return now[node].Busy.Value is { } busy ? Parallelism.Of(current * busy / 0.6).AtLeast(1) : current;
        }));

        return steady;
    }

    /// <summary>How good it is.</summary>
    public static async Task<SimulatedRun> TryAsync(ScalingRule steady, string file)
    {
        var orders = ApplicationFile.Read(file).Application;
        var run = await Simulator.RunAsync(orders, Autoscaler.Create(steady, Strategy.Stabilize(down: TimeSpan.FromMinutes(5))));
        Console.WriteLine(run.Figures);

        return run;
    }

    /// <summary>The idea, in order.</summary>
    public static Task<SimulatedRun> TryCalmAsync(ScalingRule steady, string file)
    {
        var orders = ApplicationFile.Read(file).Application;
        var calm = Autoscaler.Create(steady, Strategy.Stabilize(down: TimeSpan.FromMinutes(5)), Strategy.CoupledRescale(outside: 0.5));

        return Simulator.RunAsync(orders, calm);
    }

    /// <summary>The same as a service.</summary>
    public static void Serve(ScalingRule steady)
    {
        using var flink = new FlinkMonitor("http://jobmanager:8081", "orders");
        var autoscaler = Autoscaler.Create(
            flink.MeasureAsync, steady, Strategy.Stabilize(down: TimeSpan.FromMinutes(5)), Strategy.CoupledRescale(outside: 0.5));

        Bootstrap.Run(autoscaler, new HttpBackend());
    }
}
