using Kta.Functional.Operator;

namespace Kta.Cli.Tests.CSharp;

/// <summary>What docs/live-runs.md shows.</summary>
public static class LiveRunSnippets
{
    /// <summary>Reads a store.</summary>
    public static void Read()
    {
        using var store = KnowledgeStore.OpenForReading("kta.db");
        foreach (var iteration in store.Read("shop/orders", from: DateTimeOffset.Now.AddHours(-1)))
        {
            Console.WriteLine($"{iteration.EndedAt:u} {iteration.Explanation}");
        }
    }
}
