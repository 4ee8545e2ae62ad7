using ROOT_NAMESPACE;
using Kta.Functional;
using Kta.Functional.Http;
using Kta.Functional.Simulation;

// dotnet run -- try: a day of decisions, without a cluster.
if (args is ["try"])
{
    var day = new LocalOperatorOptions { Clock = new VirtualClock(), Interval = TimeSpan.FromHours(1) };
    var run = await LocalOperator.RunAsync(Scaling.Algorithm, [TopologyNode.Deployment("orders")], iterations: 24, day);
    Console.Write(run.ToTable());
    return;
}

// dotnet run: what the operator calls.
await Bootstrap.RunAsync(Scaling.Algorithm, new HttpBackend(new HttpBackendOptions { Args = args }));
