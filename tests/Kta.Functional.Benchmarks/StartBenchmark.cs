using System.Diagnostics;
using System.Globalization;
using Kta.Functional.Benchmarks.Servers;
using Kta.Functional.Soak.Load;

namespace Kta.Functional.Benchmarks;

/// <summary>How long a published program takes from the start of its process to its first right answer, and what it keeps after a million.</summary>
internal static class StartBenchmark
{
    private const int Starts = 9;
    private const long Calls = 1_000_000;

    internal static async Task RunAsync(TextWriter output, string program)
    {
        var body = OperatorBody.Plan(1, 0);
        var times = new List<double>();
        for (var i = 0; i <= Starts; i++)
        {
            using var server = PublishedProgram.Start(program);
            var time = await server.FirstReplyAsync(body);
            if (i > 0)
            {
                times.Add(time.TotalSeconds);
            }
        }

        await output.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"start: first reply after {Statistics.Median(times):0.000} s (median of {Starts} starts, quartiles {Statistics.Quartiles(times)})"));

        using var kept = PublishedProgram.Start(program);
        await kept.FirstReplyAsync(body);
        var before = kept.Resident();
        await LoadDriver.CountAsync(new Target(kept.Port, ServerVerbs.PlanPath, body), Calls);
        await output.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"memory: {kept.Resident() / 1048576.0:0} MB resident after {Calls:N0} small calls, {before / 1048576.0:0} MB after the first"));
    }

    /// <summary>The quickstart as `dotnet publish` leaves it, on a free port.</summary>
    private sealed class PublishedProgram : IDisposable
    {
        private readonly Process _process;
        private readonly long _started = Stopwatch.GetTimestamp();

        private PublishedProgram(Process process, int port)
        {
            _process = process;
            Port = port;
        }

        internal int Port { get; }

        internal static PublishedProgram Start(string program)
        {
            using var free = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
            free.Start();
            var port = ((System.Net.IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            var start = new ProcessStartInfo(program, ["--host", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardOutput = true,
            };
            var process = Process.Start(start)!;
            process.OutputDataReceived += (_, _) => { };
            process.BeginOutputReadLine();
            return new PublishedProgram(process, port);
        }

        internal async Task<TimeSpan> FirstReplyAsync(byte[] body)
        {
            var request = new Target(Port, ServerVerbs.PlanPath, body).Bytes;
            while (true)
            {
                using var connection = await Connection.TryOpenAsync(Port);
                if (connection is not null)
                {
                    await connection.CallAsync(request);
                    return Stopwatch.GetElapsedTime(_started);
                }

                if (_process.HasExited)
                {
                    throw new InvalidOperationException("The program has ended before it answered.");
                }

                await Task.Delay(2);
            }
        }

        internal long Resident()
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }

        public void Dispose()
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }
    }
}
