using System.Diagnostics;

namespace Kta.Functional.Soak.Load;

/// <summary>
/// Small calls over several connections from one thread. Every connection has a call under way while the others have their
/// turn, and next to nothing of the machine is taken from the server: no tasks, no other threads to switch to.
/// </summary>
internal static class SmallCalls
{
    /// <summary>Calls until the time is over; gives the calls per second.</summary>
    internal static double Rate(Target target, TimeSpan time)
    {
        var connections = Enumerable.Range(0, LoadDriver.Connections).Select(_ => Connection.Open(target.Port)).ToArray();
        try
        {
            var started = Stopwatch.GetTimestamp();
            var calls = Call(connections, target.Bytes, () => Stopwatch.GetElapsedTime(started) < time);
            return calls / Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
        finally
        {
            foreach (var connection in connections)
            {
                connection.Dispose();
            }
        }
    }

    private static long Call(Connection[] connections, byte[] request, Func<bool> goesOn)
    {
        foreach (var connection in connections)
        {
            connection.Send(request);
        }

        var calls = 0L;
        while (goesOn())
        {
            foreach (var connection in connections)
            {
                connection.Receive();
                connection.Send(request);
                calls++;
            }
        }

        foreach (var connection in connections)
        {
            connection.Receive();
            calls++;
        }

        return calls;
    }
}
