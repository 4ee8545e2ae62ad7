using Kta.Functional.Algorithms;
using Kta.Functional.Reports;
using Kta.Functional.Simulation;

namespace Kta.Cli.Tests.CSharp;

/// <summary>What docs/report.md shows.</summary>
public static class ReportSnippets
{
    /// <summary>A run as a page.</summary>
    public static async Task WriteAsync(Application orders)
    {
        var run = await Simulator.RunAsync(orders, Autoscaler.Create(BreakEven.Rule()));
        run.WriteReport("report.html");

        var details = new ReportDetails(clairvoyant: ClairvoyantOptimum.Of(orders), commandLine: "dotnet run --project experiments");
        run.WriteReport("report.html", details);
    }

    /// <summary>Several runs as one page.</summary>
    public static void WriteComparison(Application orders, SimulatedRun first, SimulatedRun second)
    {
        ComparedRun[] runs = [new("break-even", first), new("ds2", second)];
        ComparisonReport.Write("comparison.html", "Two rules for orders", runs, ClairvoyantOptimum.Front(orders, mostChanges: 8));
    }
}
