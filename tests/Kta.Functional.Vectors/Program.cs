using Kta.Functional.Vectors;

if (args is not [var file])
{
    await Console.Error.WriteLineAsync("Usage: Kta.Functional.Vectors FILE.json");
    return 2;
}

return VectorRun.Of(file, Console.Out).Failed == 0 ? 0 : 1;
