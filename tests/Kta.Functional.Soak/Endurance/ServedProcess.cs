using System.Diagnostics;
using System.Text.Json;

namespace Kta.Functional.Soak.Endurance;

/// <summary>What the server says about itself; log lines by event id.</summary>
internal sealed record ServerState(long HeapBytes, long ResidentBytes, int Handles, int Threads, Dictionary<string, long> Lines);

/// <summary>The server under test as a process of its own. It answers questions on its standard output.</summary>
internal sealed class ServedProcess : IDisposable
{
    private readonly Process _process;

    private ServedProcess(Process process, int[] ports)
    {
        _process = process;
        GoodPort = ports[0];
        TroubledPort = ports[1];
    }

    /// <summary>Serves the dummy autoscaler.</summary>
    internal int GoodPort { get; }

    /// <summary>Serves steps that throw, take too long, and leak.</summary>
    internal int TroubledPort { get; }

    internal static async Task<ServedProcess> StartAsync()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ServedProcess).Assembly.Location, "serve"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        var line = await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
        return new ServedProcess(process, JsonSerializer.Deserialize<int[]>(line)!);
    }

    internal async Task<ServerState> StateAsync()
    {
        await _process.StandardInput.WriteLineAsync("state");
        await _process.StandardInput.FlushAsync();
        return JsonSerializer.Deserialize<ServerState>((await _process.StandardOutput.ReadLineAsync())!)!;
    }

    /// <summary>Asks the process to end, as a cluster does.</summary>
    internal void Terminate()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)])!;
        kill.WaitForExit();
    }

    internal async Task<int> ExitCodeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
