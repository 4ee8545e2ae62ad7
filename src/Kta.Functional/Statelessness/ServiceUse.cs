using System.Runtime.CompilerServices;

namespace Kta.Functional.Statelessness;

/// <summary>Whether a call has used a <see cref="Service{T}"/>, wherever it got it from: a variable, a field, a static.</summary>
internal static class ServiceUse
{
    private static readonly AsyncLocal<StrongBox<bool>?> Watched = new();

    /// <summary>Makes a call, and tells whether a service was used until it ended.</summary>
    internal static async Task<(T Result, bool HasUsed)> WatchAsync<T>(Func<Task<T>> call)
    {
        var hasUsed = new StrongBox<bool>();
        // Ends with this method.
        Watched.Value = hasUsed;
        var result = await call().ConfigureAwait(false);
        return (result, hasUsed.Value);
    }

    /// <summary>The same for a synchronous call; who watches outside sees it too.</summary>
    internal static (T Result, bool HasUsed) Watch<T>(Func<T> call)
    {
        var (outside, hasUsed) = (Watched.Value, new StrongBox<bool>());
        Watched.Value = hasUsed;
        try
        {
            return (call(), hasUsed.Value);
        }
        finally
        {
            Watched.Value = outside;
            if (hasUsed.Value)
            {
                Note();
            }
        }
    }

    internal static void Note()
    {
        if (Watched.Value is { } hasUsed)
        {
            hasUsed.Value = true;
        }
    }
}
