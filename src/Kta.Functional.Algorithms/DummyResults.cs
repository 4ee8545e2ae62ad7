using System.Text.Json.Serialization;

namespace Kta.Functional.Algorithms;

/// <summary>What the monitor step of the dummy autoscaler answers.</summary>
/// <param name="NumInvocations">How many iterations there have been, this one included.</param>
public sealed record DummyMonitorResult(long NumInvocations);

/// <summary>What the analyze step of the dummy autoscaler answers.</summary>
public sealed record DummyAnalyzeResult
{
    /// <summary>Remembers a state.</summary>
    /// <param name="toggleState">0 or 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The state is neither 0 nor 1.</exception>
    [JsonConstructor]
    public DummyAnalyzeResult(int toggleState) =>
        ToggleState = toggleState is 0 or 1
            ? toggleState
            : throw new ArgumentOutOfRangeException(nameof(toggleState), toggleState, "The toggle state is 0 or 1.");

    /// <summary>Which of the two replica counts the first node gets: 0 or 1.</summary>
    public int ToggleState { get; }
}

/// <summary>Metadata made by the compiler, so that the first thing people start starts quickly.</summary>
[JsonSerializable(typeof(DummyMonitorResult))]
[JsonSerializable(typeof(DummyAnalyzeResult))]
internal sealed partial class DummyResults : JsonSerializerContext;
