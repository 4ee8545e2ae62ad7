using Kta.Functional.Testing;
using NUnit.Framework;
using static Kta.Functional.Tests.CSharp.TestingSnippets;

namespace Kta.Functional.Tests.CSharp;

/// <summary>What docs/test-an-algorithm.md shows of NUnit: compiled against its attributes, called by another test.</summary>
public static class NUnitSnippets
{
    /// <summary>The cases of the tests.</summary>
    public static RecordedCases Decisions { get; } = RecordedCases.Read("decisions.jsonl");

    /// <summary>Makes a decision again.</summary>
    /// <param name="decision">Which one.</param>
    [TestCaseSource(nameof(Decisions))]
    public static Task DecidesAsRecorded(RecordedCase decision) => decision.CheckAsync(Careful());
}
