namespace Kta.Functional;

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
