using System.CommandLine;
using Kta.Functional;
using Kta.Functional.Algorithms;
using Kta.Functional.Http;
using Quickstart;

var toggleThreshold = new Option<int>("--toggle-threshold")
{
    Description = "After how many iterations the replica counts are swapped.",
    DefaultValueFactory = _ => 2,
    HelpName = "N",
};
var numReplicasByState = new Option<int[]>("--num-replicas-by-state")
{
    Description = "The two replica counts.",
    DefaultValueFactory = _ => [4, 2],
    AllowMultipleArgumentsPerToken = true,
    HelpName = "A B",
};
var host = new Option<string>("--host")
{
    Description = "The address to listen on.",
    DefaultValueFactory = _ => "0.0.0.0",
    HelpName = "H",
};
var port = new Option<int>("--port")
{
    Description = "The port to listen on, 0 for a free one.",
    DefaultValueFactory = _ => 8096,
    HelpName = "P",
};
var steps = new Option<Step[]>("--steps")
{
    Description = "The steps to serve: monitor, analyze, plan. The others may be served elsewhere. Default: all that the algorithm has.",
    CustomParser = StepList.Parse,
    HelpName = "monitor,analyze,plan",
};

var algorithmName = new Option<string>("--algorithm")
{
    Description = "What to serve: dummy, or analyze and plan of a rule: ds2, hpa, kafka-lag, dhalion, varga, break-even.",
    DefaultValueFactory = _ => NamedAlgorithm.Dummy,
    HelpName = "NAME",
};
var settings = new Option<string[]>("--set")
{
    Description = "A setting of the rule, such as catchUp=5m or cooldown=2m; may be repeated.",
    HelpName = "NAME=VALUE",
};

var demo = new Command("demo", "Serves the dummy autoscaler on a free port, drives 12 iterations over HTTP, and prints every decision.");
demo.SetAction((_, cancellationToken) => Demo.RunAsync(Console.Out, cancellationToken));

var root = new RootCommand("Serves the dummy autoscaler, or a rule by its name, to the KTA operator.")
{
    algorithmName, settings, toggleThreshold, numReplicasByState, host, port, steps, demo,
};
root.SetAction(async (parsed, cancellationToken) =>
{
    try
    {
        var options = DummyOptions.From(parsed.GetValue(toggleThreshold), parsed.GetValue(numReplicasByState)!);
        var algorithm = NamedAlgorithm.Create(parsed.GetValue(algorithmName)!, parsed.GetValue(settings) ?? [], options, parsed.GetValue(steps));
        var backend = new HttpBackend(parsed.GetValue(host)!, parsed.GetValue(port));
        await Bootstrap.RunAsync(algorithm, backend, cancellationToken);
        return 0;
    }
    catch (Exception error) when (error is ArgumentException or IOException or IllegalStateException)
    {
        await Console.Error.WriteLineAsync(error.Message);
        return 1;
    }
});

// The host ends calls that are under way when the process is asked to stop; the command line must not be faster.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
