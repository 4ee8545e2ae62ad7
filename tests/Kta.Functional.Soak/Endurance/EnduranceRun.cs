using System.Globalization;
using Kta.Functional.Soak.Load;

namespace Kta.Functional.Soak.Endurance;

/// <summary>
/// Thousands of iterations among faults, and what has to hold in the end: no well-formed call has failed, nothing has grown,
/// every error has its line in the log, and a SIGTERM under load cuts no call.
/// </summary>
internal static class EnduranceRun
{
    private const int Callers = 4;
    private const int IterationsPerFault = 20;
    private const double Megabyte = 1_048_576;

    /// <summary>Runs, reports, and gives what does not hold.</summary>
    internal static async Task<IReadOnlyList<string>> RunAsync(int iterations, TextWriter output)
    {
        using var server = await ServedProcess.StartAsync();
        var (load, faults) = (new Iterations(server.GoodPort), new Faults(server));
        var warmUp = Math.Max(iterations / 5, Callers);
        var complaints = await StretchAsync(load, faults, 0, warmUp);
        var before = await server.StateAsync();
        complaints.AddRange(await StretchAsync(load, faults, warmUp, iterations));
        var after = await server.StateAsync();

        complaints.AddRange(faults.Surprises);
        await output.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"endurance: {iterations:N0} iterations ({3L * iterations:N0} calls) and {faults.Injected:N0} faults, {complaints.Count} calls answered otherwise than they should"));
        Compare("managed heap", before.HeapBytes / Megabyte, after.HeapBytes / Megabyte, 24, "MB");
        Compare("resident memory", before.ResidentBytes / Megabyte, after.ResidentBytes / Megabyte, 60, "MB");
        Compare("handles", before.Handles, after.Handles, 16, "");
        Compare("threads", before.Threads, after.Threads, 16, "");
        Expect("Failed", faults.Failed);
        Expect("Refused and Abandoned", faults.Refused);
        complaints.AddRange(await TerminateUnderLoadAsync(server, output));
        return complaints;

        void Compare(string what, double early, double late, double tolerance, string unit)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what}: {early:0} {unit} after {warmUp:N0} iterations, {late:0} {unit} in the end (may grow by {tolerance:0})"));
            if (late > early + tolerance)
            {
                complaints.Add(string.Create(CultureInfo.InvariantCulture, $"{what} has grown from {early:0} to {late:0} {unit}"));
            }
        }

        void Expect(string events, long expected)
        {
            var found = events.Split(" and ").Sum(name => after.Lines.GetValueOrDefault(name));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  log lines {events}: {found:N0} of {expected:N0}"));
            if (found != expected)
            {
                complaints.Add(string.Create(CultureInfo.InvariantCulture, $"{events}: {expected} lines were to be logged, {found} were ({string.Join(", ", after.Lines)})"));
            }
        }
    }

    private static async Task<List<string>> StretchAsync(Iterations load, Faults faults, int from, int to)
    {
        var share = (to - from + Callers - 1) / Callers;
        var calls = Enumerable.Range(0, Callers)
            .Select(caller => Task.Run(() => load.RunAsync(from + (caller * share), Math.Clamp(to - from - (caller * share), 0, share))))
            .ToArray();
        var trouble = Task.Run(async () =>
        {
            for (var fault = 0; fault < Math.Max((to - from) / IterationsPerFault, 10); fault++)
            {
                await faults.InjectAsync(fault);
            }
        });
        var failures = (await Task.WhenAll(calls)).SelectMany(failed => failed).ToList();
        await trouble;
        return failures;
    }

    /// <summary>A call counts as cut when it was begun on a connection that had answered before.</summary>
    private static async Task<List<string>> TerminateUnderLoadAsync(ServedProcess server, TextWriter output)
    {
        var request = new Target(server.GoodPort, "/api/v1alpha1/plan", OperatorBody.Plan(2, 200)).Bytes;
        using var begun = new SemaphoreSlim(0);
        var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(() => CallUntilRefusedAsync(server.GoodPort, request, begun))).ToArray();
        for (var calls = 0; calls < 100; calls++)
        {
            await begun.WaitAsync();
        }

        server.Terminate();
        var outcomes = await Task.WhenAll(callers);
        var exitCode = await server.ExitCodeAsync();
        List<string> cut = [.. outcomes.Where(outcome => outcome.Cut is not null).Select(outcome => "SIGTERM cut a call: " + outcome.Cut)];
        await output.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"  SIGTERM under load: {outcomes.Sum(outcome => outcome.Answered):N0} calls answered, {cut.Count} cut, exit code {exitCode}"));
        if (exitCode != 0)
        {
            cut.Add(string.Create(CultureInfo.InvariantCulture, $"the server ended with exit code {exitCode}"));
        }

        return cut;
    }

    private static async Task<(long Answered, string? Cut)> CallUntilRefusedAsync(int port, byte[] request, SemaphoreSlim begun)
    {
        var answered = 0L;
        while (true)
        {
            var onThis = 0;
            try
            {
                using var connection = await Connection.OpenAsync(port);
                do
                {
                    await connection.CallAsync(request);
                    (onThis, answered) = (onThis + 1, answered + 1);
                    begun.Release();
                }
                while (!connection.Closes);
            }
            catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException)
            {
                return (answered, onThis == 0 ? null : error.Message);
            }
        }
    }
}
