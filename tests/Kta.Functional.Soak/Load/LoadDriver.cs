using System.Diagnostics;

namespace Kta.Functional.Soak.Load;

/// <summary>Calls a server over several connections for a while.</summary>
internal static class LoadDriver
{
    internal const int Connections = 16;

    /// <summary>Calls until the time is over; gives the calls per second.</summary>
    internal static async Task<double> RateAsync(Target target, TimeSpan time)
    {
        var started = Stopwatch.GetTimestamp();
        var calls = await RunAsync(target, () => Stopwatch.GetElapsedTime(started) < time);
        return calls / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Makes a number of calls over connections that have made one before, and tells when they begin.</summary>
    internal static Task CountAsync(Target target, long calls, Func<Task> begin)
    {
        var left = calls;
        return RunAsync(target, () => Interlocked.Decrement(ref left) >= 0, Connections, begin);
    }

    /// <summary>Makes a number of calls.</summary>
    internal static Task<long> CountAsync(Target target, long calls, int connections = Connections)
    {
        var left = calls;
        return RunAsync(target, () => Interlocked.Decrement(ref left) >= 0, connections);
    }

    private static async Task<long> RunAsync(Target target, Func<bool> goesOn, int count = Connections, Func<Task>? begin = null)
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Connection.OpenAsync(target.Port)));
        try
        {
            if (begin is not null)
            {
                await Task.WhenAll(connections.Select(connection => connection.CallAsync(target.Bytes)));
                await begin();
            }

            return (await Task.WhenAll(connections.Select(connection => Task.Run(() => CallAsync(connection, target.Bytes, goesOn))))).Sum();
        }
        finally
        {
            foreach (var connection in connections)
            {
                connection.Dispose();
            }
        }
    }

    private static async Task<long> CallAsync(Connection connection, byte[] request, Func<bool> goesOn)
    {
        var calls = 0L;
        while (goesOn())
        {
            await connection.CallAsync(request);
            calls++;
        }

        return calls;
    }
}
