using System.Globalization;
using Kta.Functional.Soak.Endurance;
using Kta.Functional.Soak.Fuzz;

const string Usage = "usage: soak [all | endurance [iterations] | fuzz [executions [seed]] | prometheus [executions [seed]] | flink [executions [seed]]]   defaults: 100,000 iterations, 1,000,000 executions, 100,000 of prometheus and flink, seed 1";
const int Iterations = 100_000;

Dictionary<string, Fuzz> fuzzes = new()
{
    ["fuzz"] = new(1_000_000, (seed, executions) => Task.FromResult(Fuzzing.Run(seed, executions)), "requests", "every reply as it should be"),
    ["prometheus"] = new(100_000, PrometheusFuzzing.RunAsync, "answers of Prometheus", "every number as it stands there"),
    ["flink"] = new(100_000, FlinkFuzzing.RunAsync, "answers of Flink", "every number as it stands there"),
};

switch (args)
{
    case ["serve"]:
        return await ServeVerb.RunAsync();
    case [] or ["all"]:
        var worst = await EndureAsync(Iterations);
        foreach (var fuzz in fuzzes.Values)
        {
            worst = Math.Max(worst, await FuzzAsync(fuzz, 1, fuzz.Executions));
        }

        return worst;
    case ["endurance"]:
        return await EndureAsync(Iterations);
    case ["endurance", var iterations]:
        return await EndureAsync(Number(iterations));
    case [var kind, .. { Length: <= 2 } numbers] when fuzzes.TryGetValue(kind, out var fuzz):
        return await FuzzAsync(fuzz, numbers is [_, var seed] ? Number(seed) : 1, numbers is [var executions, ..] ? Number(executions) : fuzz.Executions);
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

static async Task<int> FuzzAsync(Fuzz fuzz, int seed, int executions)
{
    var complaint = await fuzz.RunAsync(seed, executions);
    Console.WriteLine(complaint is null ? string.Create(CultureInfo.InvariantCulture, $"fuzz: {executions:N0} {fuzz.What} from seed {seed}, {fuzz.Fine}") : "FAILED: " + complaint);
    return complaint is null ? 0 : 1;
}

/// <param name="Executions">How many there are if nobody says.</param>
/// <param name="RunAsync">Runs so many from a seed, and answers what is wrong; null if nothing is.</param>
/// <param name="What">What is damaged.</param>
/// <param name="Fine">What was found if nothing is wrong.</param>
internal sealed record Fuzz(int Executions, Func<int, int, Task<string?>> RunAsync, string What, string Fine);
