using Kta.Functional.Files;

namespace Kta.Functional.Tests.CSharp;

/// <summary>What docs/policy-file.md shows. Another test compares it.</summary>
public static class PolicySnippets
{
    public static void Read()
    {
        var file = PolicyFile.Read("orders.yaml");
        foreach (var note in file.Notes)
        {
            Console.WriteLine(note);
        }

        foreach (var policy in file.Policies)
        {
            Console.WriteLine($"{policy.FullName}: {policy.Topology} every {policy.Interval}");
        }
    }

    public static void Compare(KtaPolicy before, KtaPolicy after)
    {
        foreach (var difference in KtaPolicy.Differences(before, after))
        {
            Console.WriteLine(difference);   // maxParallelism 8 → 12
        }
    }
}
