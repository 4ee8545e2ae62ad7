using Kta.Functional.Http;
using Kta.Functional.Simulation;

namespace Kta.Functional.Tests.CSharp;

/// <summary>Tests that docs/test-an-algorithm.md shows. Another test compares and runs them.</summary>
public static class TestingSnippets
{
    /// <summary>A minute of many records; up at once, down by one instance at a time.</summary>
    public static Algorithm<Load, Demand> Careful()
    {
        var careful = Algorithm.Create<Load, Demand>(
            monitor: ctx => new Load(ctx.StartedAt.Minute == 1 ? 20_000 : 3_000),
            analyze: ctx => new Demand(Parallelism.Of(ctx.MonitorResult.RecordsPerSecond / 5_000)),
            plan: ctx => Plan.ForEach(ctx.Topology, node =>
            {
                var before = ctx.History.Latest?.Plan.GetValueOrDefault(node, 1) ?? 1;
                return Math.Max(ctx.AnalyzeResult.Instances, before - 1);
            }));

        return careful;
    }

    /// <summary>A unit test of a step.</summary>
    public static async Task UnitTest()
    {
        var careful = Careful();

        var orders = TopologyNode.Deployment("orders");
        var busy = new HistoryEntry<Load, Demand>(new Load(20_000), new Demand(4), Plan.Of((orders, 4)));
        var ctx = new PlanContext<Load, Demand>([orders], new Load(3_000), new Demand(1), [busy]);

        var plan = await careful.Plan!.InvokeAsync(ctx);
        Assert.Equal(3, plan[orders]);
    }

    /// <summary>A test of the loop.</summary>
    public static async Task Loop()
    {
        var careful = Careful();
        var orders = TopologyNode.Deployment("orders");

        var options = new LocalOperatorOptions
        {
            Clock = new VirtualClock(),
            Interval = TimeSpan.FromMinutes(1),
            NewId = IterationIds.Numbered(),
        };

        var run = await LocalOperator.RunAsync(careful, [orders], iterations: 5, options);
        Assert.Equal([1, 4, 3, 2, 1], run.Decisions.Select(decision => decision[orders]));
    }

    /// <summary>A test that asks twice, with contexts of its own and with those of a loop.</summary>
    public static async Task Twice()
    {
        var careful = Careful();
        var orders = TopologyNode.Deployment("orders");
        var quiet = new PlanContext<Load, Demand>([orders], new Load(3_000), new Demand(1));
        var busy = new PlanContext<Load, Demand>([orders], new Load(20_000), new Demand(4));

        await careful.AskTwiceAsync(quiet, busy);

        await LocalOperator.AskTwiceAsync(careful, [orders]);
    }

    /// <summary>The run as a table.</summary>
    public static async Task<string> Table()
    {
        var options = new LocalOperatorOptions { Clock = new VirtualClock(), Interval = TimeSpan.FromMinutes(1), MaxParallelism = 3 };
        var run = await LocalOperator.RunAsync(Careful(), [TopologyNode.Deployment("orders")], iterations: 5, options);
        return run.ToTable();
    }

    /// <summary>A test of the loop over HTTP, served by the test itself.</summary>
    public static async Task OverHttp()
    {
        var careful = Careful();
        var orders = TopologyNode.Deployment("orders");

        var backend = new HttpBackend("127.0.0.1", port: 0);
        backend.Setup(careful);
        await using var server = await backend.StartAsync(CancellationToken.None);

        var options = new LocalOperatorOptions { Clock = new VirtualClock(), Interval = TimeSpan.FromMinutes(1) };
        var run = await LocalOperator.RunAsync(StepEndpoints.At($"{server.BaseAddress}"), [orders], iterations: 5, options);
        Assert.Equal([1, 4, 3, 2, 1], run.Decisions.Select(decision => decision[orders]));
    }

    /// <summary>A process that runs already.</summary>
    public static async Task Elsewhere()
    {
        var orders = TopologyNode.Deployment("orders");

        var run = await LocalOperator.RunAsync(StepEndpoints.At("http://127.0.0.1:8096"), [orders], iterations: 5);
        Console.Write(run.ToTable());
    }

    /// <summary>A test of a failure.</summary>
    public static async Task Failure()
    {
        var orders = TopologyNode.Deployment("orders");

        var hasty = Careful().WithPlan(ctx => Plan.ForEach(ctx.Topology, node => ctx.AnalyzeResult.Instances - 1));
        var error = await Assert.ThrowsAsync<LocalOperatorException>(() => LocalOperator.RunAsync(hasty, [orders], iterations: 5));
        Assert.Equal((Step.Plan, 1), (error.Step, error.Iteration));
        Assert.Contains("A plan asks for parallelism 0 of Deployment/orders.", error.Message);
    }

    /// <summary>The assertions of the page, spelled as in xUnit.</summary>
    private static class Assert
    {
        internal static void Equal<T>(T expected, T actual)
        {
            if (!Equals(expected, actual))
            {
                throw new InvalidOperationException($"expected {expected}, actual {actual}");
            }
        }

        internal static void Equal<T>(IEnumerable<T> expected, IEnumerable<T> actual) =>
            Equal(string.Join(", ", expected), string.Join(", ", actual));

        internal static void Contains(string expected, string actual)
        {
            if (!actual.Contains(expected, StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"expected to contain {expected}, actual {actual}");
            }
        }

        internal static async Task<TException> ThrowsAsync<TException>(Func<Task> test)
            where TException : Exception
        {
            try
            {
                await test();
            }
            catch (TException error)
            {
                return error;
            }

            throw new InvalidOperationException($"no {typeof(TException).Name} was thrown");
        }
    }
}
