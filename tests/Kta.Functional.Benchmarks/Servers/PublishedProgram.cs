using System.Diagnostics;
using System.Globalization;
using Kta.Functional.Soak.Load;

namespace Kta.Functional.Benchmarks.Servers;

/// <summary>The quickstart as `build.fsx bench` publishes it, managed or native, on a free port.</summary>
internal sealed class PublishedProgram : IDisposable
{
    private readonly Process _process;
    private readonly long _started = Stopwatch.GetTimestamp();

    private PublishedProgram(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    internal int Port { get; }

    internal static PublishedProgram Start(string kind)
    {
        using var free = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        free.Start();
        var port = ((System.Net.IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        var program = Path.Combine(Folder(kind), "Quickstart");
        var start = new ProcessStartInfo(program, ["--host", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        return new PublishedProgram(process, port);
    }

    /// <summary>Bytes of what goes into an image: symbols of native programs stay out.</summary>
    internal static long Size(string kind) =>
        new DirectoryInfo(Folder(kind)).EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.Extension != ".dbg").Sum(file => file.Length);

    internal async Task<TimeSpan> FirstReplyAsync(byte[] body)
    {
        var request = new Target(Port, ServerVerbs.PlanPath, body).Bytes;
        while (true)
        {
            using var connection = await Connection.TryOpenAsync(Port);
            if (connection is not null)
            {
                await connection.CallAsync(request);
                var time = Stopwatch.GetElapsedTime(_started);
                return connection.Said("\"parallelism\":"u8) ? time : throw new InvalidOperationException("The first answer is no plan.");
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

    private static string Folder(string kind) => Path.Combine("artifacts", "bench", kind);
}
