using Kta.Functional.Benchmarks;

return await GuardBenchmark.RunAsync(Console.Out);
