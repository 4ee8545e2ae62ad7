using Kta.Functional.Benchmarks;
using Kta.Functional.Benchmarks.Servers;

return args switch
{
    ["serve", var kind] => await ServerVerbs.RunAsync(kind),
    ["http"] => await HttpBenchmark.RunAsync(Console.Out),
    ["guard"] => await GuardBenchmark.RunAsync(Console.Out),
    _ => await GuardBenchmark.RunAsync(Console.Out),
};
