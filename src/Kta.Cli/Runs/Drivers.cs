using Kta.Functional.Files;
using Kta.Functional.Operator;

namespace Kta.Cli;

/// <summary>Makes what scales the target of a policy.</summary>
/// <param name="isDryRun">Whether nothing is to be scaled.</param>
internal sealed class Drivers(bool isDryRun)
{
    /// <exception cref="ArgumentException">There is no access to what is to be scaled.</exception>
    internal ScaleDriver Of(KtaPolicy policy) => isDryRun ? new RecommendingDriver() : policy.Target switch
    {
        FlinkTarget flink => new FlinkScaleDriver(flink, policy.Topology),
        _ => throw new InvalidOperationException($"nothing scales {policy.Target}"),
    };
}
