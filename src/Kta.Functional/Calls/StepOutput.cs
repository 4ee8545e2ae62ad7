using System.Buffers;
using Kta.Functional.Wire;

namespace Kta.Functional.Calls;

/// <summary>Takes what a step answers.</summary>
/// <param name="nodes">How many nodes a plan probably has.</param>
/// <param name="explains">Whether somebody wants to know why a plan is as it is.</param>
internal sealed class StepOutput(int nodes, bool explains)
{
    /// <summary>The result in UTF-8. There is room for a plan of ordinary names; it grows if a result is longer.</summary>
    internal ArrayBufferWriter<byte> Body { get; } = new(64 + (112 * Math.Min(nodes, 100)));

    internal bool Explains => explains;

    /// <summary>Whether its codec reads it alike, see <see cref="HandedResult.ReadAlike"/>.</summary>
    internal bool IsReadAlike { get; set; }

    /// <summary>Why the plan is as it is; null as long as there is none, and if nobody wants to know.</summary>
    internal Explanation? Explanation { get; set; }

    /// <summary>Whether the history ended too early for a plan.</summary>
    internal ShortHistory? ShortHistory { get; set; }
}
