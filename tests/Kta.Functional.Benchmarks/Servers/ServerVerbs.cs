using System.Globalization;
using Kta.Functional.Algorithms;
using Kta.Functional.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kta.Functional.Benchmarks.Servers;

/// <summary>The servers under test, each in a process of its own. Both print the port they listen on and live as long as their input.</summary>
internal static class ServerVerbs
{
    internal const string PlanPath = "/api/v1alpha1/plan";

    internal static async Task<int> RunAsync(string kind)
    {
        await using var server = kind switch
        {
            "bare" => await StartBareAsync(),
            "dummy" => await StartAsync(DummyAutoscaler.Create()),
            "steps" => await StartAsync(Changing()),
            "flink" => Of(await FlinkJobs.StartAsync(PoliciesBenchmark.Vertices)),
            _ => throw new ArgumentException($"There is no server '{kind}'.", nameof(kind)),
        };
        Console.WriteLine(server.Port.ToString(CultureInfo.InvariantCulture));
        var input = Console.In;
        while (await input.ReadLineAsync() is { } command)
        {
            if (command == "allocated")
            {
                Console.WriteLine(GC.GetTotalAllocatedBytes(precise: true).ToString(CultureInfo.InvariantCulture));
            }
        }

        return 0;
    }

    /// <summary>What Kestrel can do at best: it reads the body to its end and answers a constant.</summary>
    private static async Task<StartedServer> StartBareAsync()
    {
        var reply = """{"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=operator-000\"}":{"parallelism":4}}"""u8.ToArray();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var app = builder.Build();
        app.Run(async context =>
        {
            var body = context.Request.BodyReader;
            while (true)
            {
                var read = await body.ReadAsync();
                body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            context.Response.ContentType = "application/json";
            context.Response.ContentLength = reply.Length;
            await context.Response.BodyWriter.WriteAsync(reply);
        });
        await app.StartAsync();
        return Of(app);
    }

    private static StartedServer Of(WebApplication app) => new(new Uri(app.Urls.First()).Port, app);

    private static async Task<StartedServer> StartAsync(Algorithm algorithm)
    {
        var backend = new HttpBackend(new HttpBackendOptions
        {
            Host = "127.0.0.1",
            Port = 0,
            ConfigureBuilder = builder => builder.Logging.ClearProviders(),
        });
        backend.Setup(algorithm);
        var running = await backend.StartAsync(CancellationToken.None);
        return new StartedServer(running.BaseAddress.Port, running);
    }

    /// <summary>Another number each minute, and results of a usual size.</summary>
    private static Algorithm<Measurements, DemandOf> Changing() => Algorithm.Create<Measurements, DemandOf>(
        monitor: ctx => Measurements.ForEach(ctx.Topology, _ => new()
        {
            RecordsIn = 120_000.5,
            RecordsOut = 118_000.25,
            Busy = 0.71,
            BackPressured = 0.05,
            Idle = 0.24,
            Lag = 1200,
            Parallelism = 9,
        }),
        analyze: ctx => new DemandOf(3 + (ctx.StartedAt.ToUnixTimeSeconds() / 60 % 5)),
        plan: ctx => Plan.ForEach(ctx.Topology, _ => (int)ctx.AnalyzeResult.Instances));

    private sealed record DemandOf(double Instances);

    private sealed record StartedServer(int Port, IAsyncDisposable Host) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
