using Kta.Functional.Files;
using Kta.Functional.Recording;
using Kta.Functional.Simulation;

namespace Kta.Functional.Tests.CSharp;

/// <summary>What docs/simulate.md shows. Another test compares and runs it.</summary>
public static class SimulationSnippets
{
    /// <summary>The application of the first page, ten minutes after its start.</summary>
    public static (Application Described, Measurements Measured, SimulatedApplication App) FirstSteps()
    {
        var orders = new Application
        {
            Name = "orders",
            Operators =
            [
                new("source", ratePerInstance: 50_000) { Exponent = 0.97 },
                new("map", ratePerInstance: 12_000) { Exponent = 0.95, Selectivity = 2 },
                new("agg", ratePerInstance: 15_000) { Exponent = 0.92, Selectivity = 0.1, MaxParallelism = 64 },
            ],
            Sources = Application.Reading("source", Trace.Cosine(mean: 150_000, amplitude: 100_000, period: TimeSpan.FromHours(1))),
        };

        var app = SimulatedApplication.Start(orders);
        app = app.Advance(TimeSpan.FromMinutes(10));
        (var measured, app) = app.Measure();
        app = app.Rescale(Plan.ForEach(app.Topology, node => app.Parallelism[node] + 1));

        return (orders, measured, app);
    }

    /// <summary>An application in a file.</summary>
    public static Application FromFile()
    {
        var fromFile = ApplicationFile.Read("orders.yaml").Application;

        return fromFile;
    }

    /// <summary>What the README of the package shows.</summary>
    public static SimulatedApplication Started()
    {
        var orders = ApplicationFile.Read("orders.yaml").Application;
        var app = SimulatedApplication.Start(orders);

        return app;
    }

    /// <summary>The load of a recording.</summary>
    public static RecordedLoad Recorded()
    {
        var load = RecordedLoad.Of(CallRecording.Read("decisions.jsonl"));
        Console.WriteLine(load);

        return load;
    }

    /// <summary>An application made of it.</summary>
    public static void Fitted(RecordedLoad load)
    {
        var fit = ApplicationFit.Of(load.Topologies[0], "orders");
        ApplicationFile.Write(fit.Application, "fitted.yaml", "decisions.jsonl");
    }
}
