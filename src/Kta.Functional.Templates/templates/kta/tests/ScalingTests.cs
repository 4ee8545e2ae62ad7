using Kta.Functional;
using Kta.Functional.Simulation;

namespace ROOT_NAMESPACE.Tests;

public class ScalingTests
{
    private static readonly TopologyNode Orders = TopologyNode.Deployment("orders");

    [Theory]
    [InlineData(2.1, 3)]
    [InlineData(0, 1)]
    public async Task Plans_what_is_needed_and_at_least_one(double instances, int expected)
    {
        var context = new PlanContext<Load, Demand>([Orders], new Load(0), new Demand(instances));
        var plan = await Scaling.Algorithm.Plan!.InvokeAsync(context, TestContext.Current.CancellationToken);
        Assert.Equal(expected, plan[Orders]);
    }

    [Fact]
    public async Task Follows_the_load_of_a_day()
    {
        var day = new LocalOperatorOptions { Clock = new VirtualClock(), Interval = TimeSpan.FromHours(4) };
        var run = await LocalOperator.RunAsync(Scaling.Algorithm, [Orders], iterations: 6, day, TestContext.Current.CancellationToken);
        Assert.Equal([2, 5, 12, 15, 12, 5], run.Decisions.Select(plan => plan[Orders]));
    }
}
