using Kta.Functional.Wire;

namespace Kta.Functional.Calls;

/// <summary>Takes what a step answers.</summary>
/// <param name="explains">Whether somebody wants to know why a plan is as it is.</param>
internal class StepOutput(bool explains)
{
    /// <summary>The result in UTF-8.</summary>
    internal ReadOnlyMemory<byte> Body { get; set; }

    internal bool Explains => explains;

    /// <summary>Whether its codec reads it alike, see <see cref="HandedResult.ReadAlike"/>.</summary>
    internal bool IsReadAlike { get; set; }

    /// <summary>Why the plan is as it is; null as long as there is none, and if nobody wants to know.</summary>
    internal Explanation? Explanation { get; set; }

    /// <summary>Whether the history ended too early for a plan.</summary>
    internal ShortHistory? ShortHistory { get; set; }

    /// <summary>Whether what was applied before a plan has to be looked up.</summary>
    internal virtual bool WantsDecision => explains;

    /// <summary>Takes note of the request, once it is known to be well-formed.</summary>
    internal virtual void Received(ReceivedRequest request)
    {
    }

    /// <summary>Takes a plan that fits its topology, see <see cref="WantsDecision"/>.</summary>
    internal virtual void Decide(Topology topology, Plan plan, IReadOnlyDictionary<TopologyNode, int>? applied)
    {
        if (explains)
        {
            Explanation = new Explanation(topology, plan, applied);
        }
    }
}
