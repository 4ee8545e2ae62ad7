namespace Kta.Functional;

/// <summary>What was said about a plan, newest first; plans share what was said before.</summary>
/// <param name="Earlier">What was said before.</param>
/// <param name="Node">The node it is about.</param>
/// <param name="Reason">Why the number is what it is; null where reasons are not kept.</param>
/// <param name="LacksData">Whether the number is no decision, for lack of measurements.</param>
/// <param name="IsHeldBack">Whether it says why the node keeps what it has although another number was proposed.</param>
internal sealed record ReasonChain(ReasonChain? Earlier, TopologyNode Node, Reason? Reason, bool LacksData, bool IsHeldBack = false)
{
    internal const int MostPerNode = 20;

    internal static ReasonChain? Add(ReasonChain? chain, TopologyNode node, Reason? reason, bool lacksData = false, bool isHeldBack = false)
    {
        var said = 0;
        for (var link = chain; link is not null; link = link.Earlier)
        {
            said += link.Node.Equals(node) ? 1 : 0;
        }

        return said < MostPerNode ? new ReasonChain(chain, node, reason, lacksData, isHeldBack) : chain;
    }

    internal static ReasonChain? HoldBack(ReasonChain? chain, TopologyNode node) =>
        chain is null ? null
        : chain.Node.Equals(node) ? chain with { IsHeldBack = true }
        : chain with { Earlier = HoldBack(chain.Earlier, node) };

    internal static IReadOnlyList<Reason> Of(ReasonChain? chain, TopologyNode node) =>
        [.. InOrder(chain).Where(said => said.Reason is not null && said.Node.Equals(node)).Select(said => said.Reason!)];

    internal static Stack<ReasonChain> InOrder(ReasonChain? chain)
    {
        var said = new Stack<ReasonChain>();
        for (var link = chain; link is not null; link = link.Earlier)
        {
            said.Push(link);
        }

        return said;
    }
}

/// <summary>Whether reasons are kept. Plans of the past are computed again only for their numbers.</summary>
/// <remarks>
/// A property of the thread because the functions in between are the user's, and pure: they take no parameter for it. It is set for the
/// length of one synchronous call.
/// </remarks>
internal static class ReasonsOff
{
    [ThreadStatic]
    private static bool s_off;

    internal static bool InThisThread => s_off;

    internal static T During<TState, T>(TState state, Func<TState, T> call)
    {
        var before = s_off;
        s_off = true;
        try
        {
            return call(state);
        }
        finally
        {
            s_off = before;
        }
    }
}
