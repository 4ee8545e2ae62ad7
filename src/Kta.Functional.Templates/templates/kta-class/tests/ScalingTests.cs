using Kta.Functional;
using Kta.Functional.Simulation;

namespace ROOT_NAMESPACE.Tests;

public class ScalingTests
{
    private static readonly TopologyNode Orders = TopologyNode.Deployment("orders");

    [Fact]
    public void Goes_down_by_one_instance_at_a_time()
    {
        var busy = new HistoryEntry<Load, Demand>(new Load(20_000), new Demand(4), Plan.Of((Orders, 4)));
        var context = new PlanContext<Load, Demand>([Orders], new Load(1_000), new Demand(0.2), [busy]);
        Assert.Equal(3, new Scaling(recordsPerInstance: 5_000).Plan(context)[Orders]);
    }

    [Fact]
    public async Task Follows_the_load_of_a_day()
    {
        var day = new LocalOperatorOptions { Clock = new VirtualClock(), Interval = TimeSpan.FromHours(4) };
        var run = await LocalOperator.RunAsync(Scaling.Algorithm, [Orders], iterations: 6, day, TestContext.Current.CancellationToken);
        Assert.Equal([2, 5, 12, 15, 14, 13], run.Decisions.Select(plan => plan[Orders]));
    }
}
