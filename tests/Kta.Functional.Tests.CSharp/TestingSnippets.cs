using Kta.Functional.Simulation;
using Kta.Functional.Testing;

namespace Kta.Functional.Tests.CSharp;

/// <summary>Tests that docs/test-an-algorithm.md shows. Another test compares and runs them.</summary>
public static class TestingSnippets
{
    /// <summary>A minute of many records; up at once, down by one instance at a time.</summary>
    public static Algorithm<Load, Demand> Careful() => Algorithm.Create<Load, Demand>(
        monitor: ctx => new Load(ctx.StartedAt.Minute == 1 ? 20_000 : 3_000),
        analyze: ctx => new Demand(Parallelism.Of(ctx.MonitorResult.RecordsPerSecond / 5_000)),
        plan: ctx => Plan.ForEach(ctx.Topology, node =>
        {
            var before = ctx.History.Latest?.Plan.GetValueOrDefault(node, 1) ?? 1;
            return Math.Max(ctx.AnalyzeResult.Instances, before - 1);
        }));

    /// <summary>A unit test of a step.</summary>
    public static async Task UnitTest()
    {
        var careful = Careful();
        var contexts = Contexts.For(careful).After(new Load(20_000), new Demand(4), parallelism: 4);

        var plan = await careful.PlanAsync(contexts.Plan(new Load(3_000), new Demand(1)));
        plan.Expect(3);
    }

    /// <summary>Contexts of all kinds.</summary>
    public static async Task<IReadOnlyList<PlanContext<Load, Demand>>> OtherContexts()
    {
        var careful = Careful();
        var run = await LocalOperator.RunAsync(careful, [TopologyNode.Deployment("app")], iterations: 5);
        Load[] loads = [new(3_000), new(12_000), new(20_000)];
        var (orders, payments) = (TopologyNode.Deployment("orders"), TopologyNode.Deployment("payments"));
        var contexts = Contexts.For(careful).With(topology: [orders], interval: TimeSpan.FromMinutes(1), historyLength: 3);

        var steady = contexts.AfterEach(loads, parallelism: 4);
        var clamped = contexts.After(new Load(60_000), new Demand(12), Plan.Single(12), applied: Plan.Single(8));
        var shared = contexts.AfterJson("""{"cpu":0.8}""", "{}", Plan.Of((payments, 2)));
        var goingOn = Contexts.For(careful).After(run);

        return [.. new[] { steady, clamped, shared, goingOn }.Select(one => one.Plan(new Load(3_000), new Demand(1)))];
    }

    /// <summary>What was decided about some loads, one after the other.</summary>
    /// <param name="careful">What decides.</param>
    public static async Task Trajectory(Algorithm<Load, Demand> careful)
    {
        Load[] peak = [new(3_000), new(20_000), .. Enumerable.Repeat(new Load(3_000), 6)];
        var run = await Contexts.For(careful).RunAsync(peak);

        run.ExpectReaches(4, within: TimeSpan.FromSeconds(30))
            .ExpectNeverAbove(4)
            .ExpectAtMostChanges(4)
            .ExpectSettledWithin(TimeSpan.FromSeconds(90), after: TimeSpan.FromSeconds(30));
    }

    /// <summary>The same loads, and an expectation that is not met.</summary>
    public static async Task Unmet()
    {
        Load[] peak = [new(3_000), new(20_000), new(3_000), new(3_000), new(3_000)];
        var run = await Contexts.For(Careful()).RunAsync(peak);

        run.ExpectNoReversalWithin(TimeSpan.FromSeconds(60));
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
        var quiet = Contexts.For(careful).Plan(new Load(3_000), new Demand(1));
        var busy = Contexts.For(careful).Plan(new Load(20_000), new Demand(4));

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

        var options = new LocalOperatorOptions { Interval = TimeSpan.FromMinutes(1) };
        await using var op = await FakeOperator.StartAsync(careful, options: options);

        var quiet = await op.IterateAsync();
        var busy = await op.IterateAsync(CallFault.ReplyLost(Step.Plan), CallFault.CallerGone(Step.Monitor));

        Assert.Equal(new Load(20_000), busy.MonitorResult);
        busy.Plan.Expect(4);
        Assert.Equal(3, op.Run.Iterations[1].Attempts);

        await op.RunAsync(iterations: 3);
        op.Run.ExpectNeverAbove(4);
        (await op.ReplayAsync()).ThrowIfDifferent();

        quiet.Plan.Expect(1);
    }

    /// <summary>A process that runs already.</summary>
    public static async Task Elsewhere()
    {
        await using var op = FakeOperator.At(Algorithm.For<Load, Demand>(), StepEndpoints.At("http://127.0.0.1:8096"));
        var run = await op.RunAsync(iterations: 5);

        Console.Write(run.ToTable());
    }

    /// <summary>A test of a failure.</summary>
    public static async Task Failure()
    {
        var careful = Careful();
        var orders = TopologyNode.Deployment("orders");

        var hasty = careful.WithPlan(ctx => Plan.ForEach(ctx.Topology, node => ctx.AnalyzeResult.Instances - 1));
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
