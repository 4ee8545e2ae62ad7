using Kta.Functional.Algorithms;
using Kta.Functional.Simulation;

namespace Kta.Functional.Tests.CSharp;

/// <summary>What docs/figures.md shows. Another test compares and runs it.</summary>
public static class FigureSnippets
{
    /// <summary>A run and its figures.</summary>
    public static async Task<SimulatedRun> RunAsync(Application orders)
    {
        var run = await Simulator.RunAsync(orders, Autoscaler.Create(BreakEven.Rule()));
        Console.WriteLine(run.Figures);
        Console.WriteLine(run.ToTable());

        var optimum = ClairvoyantOptimum.Of(orders);
        var figures = RunFigures.Of(run, optimum);
        Console.WriteLine($"{figures.J:0.000}, the clairvoyant {figures.ClairvoyantJ:0.000}");

        run.ExpectAtMostChanges(8)
            .ExpectNoReversalWithin(TimeSpan.FromMinutes(5))
            .ExpectSettledWithin(TimeSpan.FromMinutes(10), after: TimeSpan.FromMinutes(120))
            .ExpectAboveObjectiveAtMost(0.08);

        return run;
    }

    /// <summary>Other policies.</summary>
    public static async Task<IReadOnlyList<SimulatedRun>> RunOthersAsync(Application orders, string address)
    {
        var served = await Simulator.RunAsync(orders, StepEndpoints.At(address));
        var peak = await Simulator.RunAsync(orders, StaticPlan.Peak(orders));

        return [served, peak];
    }
}
