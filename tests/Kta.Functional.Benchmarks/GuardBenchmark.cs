using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Kta.Functional.Http;

namespace Kta.Functional.Benchmarks;

/// <summary>
/// What it costs a small request over HTTP to look for state: a step with three captured variables, which are watched, beside
/// the same step with constants, which needs no guard; and a step that is asked twice beside one that is not. Both servers run
/// in this process; rounds alternate, medians are compared.
/// </summary>
internal static class GuardBenchmark
{
    private const int Rounds = 41;
    private const int CallsPerRound = 1_000;

    private static readonly byte[] Request =
        """{"id":"c3f7bdf5","udfStartTimestampMillis":1700000100000,"topology":[{"type":"scaleTargetRef","fields":"kind=Deployment|name=orders"}],"monitorResult":{},"analyzeResult":{},"resultHistory":[]}"""u8
            .ToArray();

    internal static async Task RunAsync(TextWriter output)
    {
        var (rate, reserve, name) = (5_000.0, 1.2, "orders");
        var constant = Algorithm.CreateMonitor<Load>(ctx => new Load(5_000.0 * 1.2, "orders"));
        var watched = Algorithm.CreateMonitor<Load>(ctx => new Load(rate * reserve, name));
        await CompareAsync(output, "guard", (watched, AskTwice.Never), (constant, AskTwice.Never));
        await CompareAsync(output, "asking twice", (constant, AskTwice.SynchronousSteps), (constant, AskTwice.Never));
    }

    private static async Task CompareAsync(
        TextWriter output, string what, (Algorithm Algorithm, AskTwice Asking) with, (Algorithm Algorithm, AskTwice Asking) without)
    {
        await using var checking = await StartAsync(with.Algorithm, with.Asking);
        await using var bare = await StartAsync(without.Algorithm, without.Asking);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            var first = round % 2 == 0 ? checking : bare;
            var firstTime = await TimeAsync(client, first);
            var secondTime = await TimeAsync(client, first == checking ? bare : checking);
            if (round > 0)
            {
                ratios.Add(first == checking ? firstTime / secondTime : secondTime / firstTime);
            }
        }

        ratios.Sort();
        await output.WriteLineAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: a small request takes {ratios[ratios.Count / 2]:0.000} of the time without (median of {ratios.Count} pairs of {CallsPerRound} calls, quartiles {ratios[ratios.Count / 4]:0.000} and {ratios[ratios.Count * 3 / 4]:0.000})"));
    }

    private static async Task<RunningHttpBackend> StartAsync(Algorithm algorithm, AskTwice asking)
    {
        var backend = new HttpBackend(new HttpBackendOptions { Host = "127.0.0.1", Port = 0, AskTwice = asking });
        backend.Setup(algorithm);
        return await backend.StartAsync(CancellationToken.None);
    }

    private static async Task<double> TimeAsync(HttpClient client, RunningHttpBackend server)
    {
        var address = new Uri(server.BaseAddress, "/api/v1alpha1/monitor");
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < CallsPerRound; i++)
        {
            using var content = new ByteArrayContent(Request) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var reply = await client.PostAsync(address, content);
            reply.EnsureSuccessStatusCode();
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private sealed record Load(double RecordsPerSecond, string Name);
}
