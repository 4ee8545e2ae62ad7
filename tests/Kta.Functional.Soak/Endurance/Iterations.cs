using System.Globalization;
using Kta.Functional.Soak.Load;

namespace Kta.Functional.Soak.Endurance;

/// <summary>
/// Iterations as the operator makes them: monitor, analyze and plan with a history that grows, until the operator is started
/// anew and has forgotten it. Now and then a history is that of months.
/// </summary>
internal sealed class Iterations(int port)
{
    private const int LongestUsual = 300;
    private const int Months = 5_000;
    private static readonly string[] Steps = ["monitor", "analyze", "plan"];
    private readonly Dictionary<int, byte[]> _bodies = [];

    /// <summary>Makes a number of iterations on one connection; gives the calls that failed.</summary>
    internal async Task<List<string>> RunAsync(int first, int count)
    {
        var failures = new List<string>();
        var connection = await Connection.OpenAsync(port);
        for (var iteration = first; iteration < first + count; iteration++)
        {
            var body = Body(iteration % 100 == 99 ? Months : iteration % LongestUsual);
            foreach (var step in Steps)
            {
                try
                {
                    await connection.CallAsync(new Target(port, "/api/v1alpha1/" + step, body).Bytes);
                }
                catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException)
                {
                    failures.Add(string.Create(CultureInfo.InvariantCulture, $"iteration {iteration}, {step}: {error.Message}"));
                    connection.Dispose();
                    connection = await Connection.OpenAsync(port);
                }
            }
        }

        connection.Dispose();
        return failures;
    }

    private byte[] Body(int entries)
    {
        lock (_bodies)
        {
            return _bodies.TryGetValue(entries, out var known) ? known : _bodies[entries] = OperatorBody.Plan(2, entries);
        }
    }
}
