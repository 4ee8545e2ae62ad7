using System.Globalization;
using Kta.Functional.Soak.Endurance;
using Kta.Functional.Soak.Fuzz;

const string Usage = "usage: soak [all | endurance [iterations] | fuzz [executions [seed]] | prometheus [executions [seed]] | flink [executions [seed]]]   defaults: 100,000 iterations, 1,000,000 executions, 100,000 of prometheus and flink, seed 1";
const int Iterations = 100_000;
const int Executions = 1_000_000;
const int Replies = 100_000;

switch (args)
{
    case ["serve"]:
        return await ServeVerb.RunAsync();
    case [] or ["all"]:
        return new[] { await EndureAsync(Iterations), Fuzz(1, Executions), await FuzzPrometheusAsync(1, Replies), await FuzzFlinkAsync(1, Replies) }.Max();
    case ["endurance"]:
        return await EndureAsync(Iterations);
    case ["endurance", var iterations]:
        return await EndureAsync(Number(iterations));
    case ["fuzz"]:
        return Fuzz(1, Executions);
    case ["fuzz", var executions]:
        return Fuzz(1, Number(executions));
    case ["fuzz", var executions, var seed]:
        return Fuzz(Number(seed), Number(executions));
    case ["prometheus"]:
        return await FuzzPrometheusAsync(1, Replies);
    case ["prometheus", var executions]:
        return await FuzzPrometheusAsync(1, Number(executions));
    case ["prometheus", var executions, var seed]:
        return await FuzzPrometheusAsync(Number(seed), Number(executions));
    case ["flink"]:
        return await FuzzFlinkAsync(1, Replies);
    case ["flink", var executions]:
        return await FuzzFlinkAsync(1, Number(executions));
    case ["flink", var executions, var seed]:
        return await FuzzFlinkAsync(Number(seed), Number(executions));
    default:
        Console.Error.WriteLine(Usage);
        return 2;
}

static int Number(string text) => int.Parse(text, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

static async Task<int> EndureAsync(int iterations)
{
    var complaints = await EnduranceRun.RunAsync(iterations, Console.Out);
    foreach (var complaint in complaints.Take(20))
    {
        Console.WriteLine("FAILED: " + complaint);
    }

    return complaints.Count == 0 ? 0 : 1;
}

static int Fuzz(int seed, int executions) => Told(Fuzzing.Run(seed, executions), seed, executions, "requests", "every reply as it should be");

static async Task<int> FuzzPrometheusAsync(int seed, int executions) =>
    Told(await PrometheusFuzzing.RunAsync(seed, executions), seed, executions, "answers of Prometheus", "every number as it stands there");

static async Task<int> FuzzFlinkAsync(int seed, int executions) =>
    Told(await FlinkFuzzing.RunAsync(seed, executions), seed, executions, "answers of Flink", "every number as it stands there");

static int Told(string? complaint, int seed, int executions, string what, string fine)
{
    Console.WriteLine(complaint is null ? string.Create(CultureInfo.InvariantCulture, $"fuzz: {executions:N0} {what} from seed {seed}, {fine}") : "FAILED: " + complaint);
    return complaint is null ? 0 : 1;
}
