using Kta.Functional.Algorithms;

namespace Kta.Functional.Tests.CSharp;

/// <summary>What the pages of the rules of control and queueing theory show. Another test compares them.</summary>
public static class TheoryRuleSnippets
{
    /// <summary>The rules of the pages.</summary>
    public static IReadOnlyList<ScalingRule> Rules()
    {
        var pid = Pid.Rule(new PidOptions { Setpoint = 0.6, Ki = 0.3, WarmUpSeconds = 180 });

        return [pid];
    }
}
