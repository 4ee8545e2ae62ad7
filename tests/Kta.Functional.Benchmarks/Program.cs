using Kta.Functional.Benchmarks;
using Kta.Functional.Benchmarks.Servers;

const string Usage =
    """
    usage: bench [all | http | small | start | parts | strategies | guard]
      http    requests per second beside a bare endpoint, by nodes and history
      small   the same for requests without history only
      start   time to the first reply and resident memory of the published quickstart
      parts   reading a request and walking its history beside JsonSerializer
      strategies  ten stacked windows beside the bare rule
      guard   what watching captured variables and asking twice cost
    """;

if (args is ["serve", var kind])
{
    return await ServerVerbs.RunAsync(kind);
}

if (args is not [.. [_] or [], "--published", var published])
{
    Console.Error.WriteLine(Usage);
    return 2;
}

var output = Console.Out;
switch (args[0])
{
    case "http":
        await HttpBenchmark.RunAsync(output, HttpBenchmark.AllEntries);
        return 0;
    case "small":
        await HttpBenchmark.RunAsync(output, [0]);
        return 0;
    case "start":
        await StartBenchmark.RunAsync(output, published);
        return 0;
    case "parts":
        PartsBenchmark.Run();
        return 0;
    case "strategies":
        StrategiesBenchmark.Run();
        return 0;
    case "guard":
        await GuardBenchmark.RunAsync(output);
        return 0;
    case "all" or "--published":
        await HttpBenchmark.RunAsync(output, HttpBenchmark.AllEntries);
        await StartBenchmark.RunAsync(output, published);
        await GuardBenchmark.RunAsync(output);
        PartsBenchmark.Run();
        StrategiesBenchmark.Run();
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
