using System.Globalization;

namespace Kta.Functional.Simulation;

/// <summary>Sources of iteration ids.</summary>
public static class IterationIds
{
    /// <summary>Random UUIDs, as the operator makes them.</summary>
    public static Func<string> Random() => () => Guid.NewGuid().ToString();

    /// <summary>UUIDs that count from 1, the same in every run: <c>00000000-0000-4000-8000-000000000001</c> and so on.</summary>
    public static Func<string> Numbered()
    {
        var last = 0L;
        return () => Number(Interlocked.Increment(ref last));
    }

    internal static string Number(long number) => string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{number:x12}");
}
