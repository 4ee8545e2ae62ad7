using Kta.Functional.Algorithms;

namespace Kta.Functional.Tests.CSharp;

/// <summary>What the pages of the less usual rules show. Another test compares them.</summary>
public static class TheoryRuleSnippets
{
    /// <summary>The rules of the pages.</summary>
    public static IReadOnlyList<ScalingRule> Rules()
    {
        var pid = Pid.Rule(new PidOptions { Setpoint = 0.6, Ki = 0.3, WarmUpSeconds = 180 });

        var mmc = Mmc.Rule(new MmcOptions { TargetWait = TimeSpan.FromMilliseconds(20), Quantile = 0.95, Keyed = ["sessions"] });

        var contTune = ContTune.Rule(new ContTuneOptions { CatchUp = TimeSpan.FromMinutes(5), LookBack = 500 });

        var managed = CpuThresholds.Rule(new CpuThresholdsOptions { MinParallelism = 4, ScaleDownAfter = TimeSpan.FromHours(1) });

        return [pid, mmc, contTune, managed];
    }
}
