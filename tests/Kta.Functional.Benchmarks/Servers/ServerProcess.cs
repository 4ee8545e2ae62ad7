using System.Diagnostics;
using System.Globalization;

namespace Kta.Functional.Benchmarks.Servers;

/// <summary>A server of <see cref="ServerVerbs"/> in a process of its own; it ends with its input.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    internal int Port { get; }

    internal static async Task<ServerProcess> StartAsync(string kind)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ServerProcess).Assembly.Location, "serve", kind])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync();
        return int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            ? new ServerProcess(process, port)
            : throw new InvalidOperationException($"The {kind} server did not start: it said '{line}'.");
    }

    /// <summary>All bytes of managed memory the server has ever asked for.</summary>
    internal async Task<long> AllocatedAsync()
    {
        await _process.StandardInput.WriteLineAsync("allocated");
        await _process.StandardInput.FlushAsync();
        return long.Parse((await _process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
    }

    /// <summary>The time processors have spent on the server.</summary>
    internal TimeSpan Cpu()
    {
        _process.Refresh();
        return _process.TotalProcessorTime;
    }

    /// <summary>Resident memory in bytes.</summary>
    internal long Resident()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
