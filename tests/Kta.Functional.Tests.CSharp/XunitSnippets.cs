using Kta.Functional.Testing;
using Xunit;
using static Kta.Functional.Tests.CSharp.TestingSnippets;

namespace Kta.Functional.Tests.CSharp;

/// <summary>What docs/test-an-algorithm.md shows of xUnit: compiled against its attributes, called by another test.</summary>
public static class XunitSnippets
{
    private static readonly RecordedCases s_decisions = RecordedCases.Read("decisions.jsonl");

    /// <summary>The names of the tests.</summary>
    public static TheoryData<string> Names => new(s_decisions.Names);

    /// <summary>Makes a decision again.</summary>
    /// <param name="name">Which one.</param>
    [Theory]
    [MemberData(nameof(Names))]
    public static Task DecidesAsRecorded(string name) => s_decisions[name].CheckAsync(Careful());
}
