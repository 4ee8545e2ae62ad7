using System.Collections.Concurrent;
using System.Text.Json;
using Kta.Functional.Algorithms;
using Kta.Functional.Http;
using Microsoft.Extensions.Logging;

namespace Kta.Functional.Soak.Endurance;

/// <summary>The servers under test, and a count of what they log.</summary>
internal static class ServeVerb
{
    internal const int LargestBody = 32 * 1024 * 1024;

    /// <summary>A step that nobody gives up ends after all, and what calls it complains.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    internal static async Task<int> RunAsync()
    {
        using var lines = new LineCounter();
        var good = await StartAsync(DummyAutoscaler.Create(), lines, options => options.ShutdownDelay = TimeSpan.FromSeconds(1));
        var troubled = await StartAsync(Troubled(lines), lines, options =>
        {
            options.StepTimeLimit = TimeSpan.FromMilliseconds(100);
            options.ShutdownDelay = TimeSpan.FromSeconds(1);
        });
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize<int[]>([good.BaseAddress.Port, troubled.BaseAddress.Port]));
        // On a thread of its own: reading from the console blocks.
        new Thread(() => AnswerQuestions(lines)) { IsBackground = true }.Start();
        await Task.WhenAll(good.WaitForShutdownAsync(CancellationToken.None), troubled.WaitForShutdownAsync(CancellationToken.None));
        return 0;
    }

    private static void AnswerQuestions(LineCounter lines)
    {
        while (Console.In.ReadLine() is not null)
        {
            var heap = GC.GetTotalMemory(forceFullCollection: true);
            using var self = System.Diagnostics.Process.GetCurrentProcess();
            var handles = Directory.Exists("/proc/self/fd") ? Directory.GetFiles("/proc/self/fd").Length : self.HandleCount;
            Console.WriteLine(JsonSerializer.Serialize(new ServerState(heap, self.WorkingSet64, handles, self.Threads.Count, lines.Counts)));
        }
    }

    /// <summary>Steps that are given up go on until the log says that they were: the machine may be slower than any time chosen here.</summary>
    private static Algorithm<DummyMonitorResult, DummyAnalyzeResult> Troubled(LineCounter lines) =>
        Algorithm.For<DummyMonitorResult, DummyAnalyzeResult>()
            .WithMonitor(_ => throw new InvalidOperationException("the source is down"))
            .WithAnalyze(_ =>
            {
                lines.NextFailure.Wait(Patience);
                return null;
            })
            .WithPlan(async (_, _) =>
            {
                var kept = new byte[100_000];
                await Task.WhenAny(lines.NextFailure, Task.Delay(Patience, CancellationToken.None));
                return Plan.Single(1 + kept[0]);
            });

    private static async Task<RunningHttpBackend> StartAsync(Algorithm algorithm, LineCounter lines, Action<HttpBackendOptions> change)
    {
        var options = new HttpBackendOptions
        {
            Host = "127.0.0.1",
            Port = 0,
            MaxRequestBodySize = LargestBody,
            ConfigureBuilder = builder =>
            {
                builder.Logging.ClearProviders();
                builder.Logging.AddProvider(lines);
            },
        };
        change(options);
        var backend = new HttpBackend(options);
        backend.Setup(algorithm);
        return await backend.StartAsync(CancellationToken.None);
    }

    private sealed class LineCounter : ILoggerProvider, ILogger
    {
        private readonly ConcurrentDictionary<string, long> _counts = [];
        private TaskCompletionSource _failed = NewSignal();

        internal Dictionary<string, long> Counts => new(_counts);

        /// <summary>Completes when the next step is said to have failed.</summary>
        internal Task NextFailure => Volatile.Read(ref _failed).Task;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                _counts.AddOrUpdate(eventId.Name ?? formatter(state, exception), 1, static (_, count) => count + 1);
            }

            if (eventId.Name == "Failed")
            {
                Interlocked.Exchange(ref _failed, NewSignal()).SetResult();
            }
        }

        private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose()
        {
        }
    }
}
