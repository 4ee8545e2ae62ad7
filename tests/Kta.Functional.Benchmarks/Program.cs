using Kta.Functional.Benchmarks;
using Kta.Functional.Benchmarks.Servers;

const string Usage =
    """
    usage: bench [all | http | start | strategies | guard | telemetry | model | loop | policies [SECONDS]]
      http    requests per second beside a bare endpoint, by nodes and history
      start   time to the first reply and resident memory of the published quickstart, managed and native
      strategies  ten stacked windows beside the bare rule
      model   steps of the simulated application per second and core
      guard   what watching captured variables and asking twice cost
      telemetry   what metrics and spans cost a call, with and without listeners
      loop    iterations per second of loops in this process
      policies  memory and processor of kta run with 200 policies, a minute or as long as said; not a part of all
    """;

if (args is ["serve", var kind])
{
    return await ServerVerbs.RunAsync(kind);
}

if (args is ["policies", .. var more])
{
    await PoliciesBenchmark.RunAsync(Console.Out, TimeSpan.FromSeconds(more is [var seconds, ..] && int.TryParse(seconds, out var given) ? given : 60));
    return 0;
}

var output = Console.Out;
switch (args is [var one] ? one : "")
{
    case "http":
        await HttpBenchmark.RunAsync(output);
        return 0;
    case "start":
        await StartBenchmark.RunAsync(output);
        return 0;
    case "strategies":
        StrategiesBenchmark.Run();
        return 0;
    case "guard":
        await GuardBenchmark.RunAsync(output);
        return 0;
    case "telemetry":
        await TelemetryBenchmark.RunAsync(output);
        return 0;
    case "model":
        ModelBenchmark.Run(output);
        return 0;
    case "loop":
        await LoopBenchmark.RunAsync(output);
        return 0;
    case "all":
        await HttpBenchmark.RunAsync(output);
        await StartBenchmark.RunAsync(output);
        await GuardBenchmark.RunAsync(output);
        await TelemetryBenchmark.RunAsync(output);
        StrategiesBenchmark.Run();
        ModelBenchmark.Run(output);
        await LoopBenchmark.RunAsync(output);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
