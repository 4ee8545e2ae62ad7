using System.Globalization;
using Kta.Functional.Benchmarks;
using Kta.Functional.Benchmarks.Servers;

return args switch
{
    ["tmp"] => await Tmp.RunAsync(),
    ["serve", var kind] => await ServerVerbs.RunAsync(kind),
    ["http", var most] => await HttpBenchmark.RunAsync(Console.Out, mostEntries: int.Parse(most, CultureInfo.InvariantCulture)),
    ["http"] => await HttpBenchmark.RunAsync(Console.Out),
    ["guard"] => await GuardBenchmark.RunAsync(Console.Out),
    _ => await GuardBenchmark.RunAsync(Console.Out),
};
