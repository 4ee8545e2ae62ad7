using System.Buffers;

namespace Kta.Functional.Calls;

/// <summary>Takes what a step answers.</summary>
/// <param name="nodes">How many nodes a plan probably has.</param>
/// <param name="tellsChanges">Whether somebody wants to know what a plan changes.</param>
internal sealed class StepOutput(int nodes, bool tellsChanges)
{
    /// <summary>The result in UTF-8. There is room for a plan of ordinary names; it grows if a result is longer.</summary>
    internal ArrayBufferWriter<byte> Body { get; } = new(64 + (112 * Math.Min(nodes, 100)));

    internal bool TellsChanges => tellsChanges;

    /// <summary>What the plan changes; null as long as there is none, and if nobody wants to know.</summary>
    internal PlanChanges? Changes { get; set; }
}
