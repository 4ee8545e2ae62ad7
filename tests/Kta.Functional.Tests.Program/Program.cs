using Kta.Functional;
using Kta.Functional.Algorithms;
using Kta.Functional.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kta.Functional.Tests.Program;

/// <summary>
/// A program of one's own, started by tests as a process: passes its arguments on, and has the services they name. With the
/// first argument <c>mapped</c> it is an application that serves the steps among its endpoints, with <c>kafka</c> it reads a cluster.
/// </summary>
internal static class Program
{
    private static async Task Main(string[] args)
    {
        if (args is ["mapped", .. var rest])
        {
            RunApplication(rest);
        }
        else if (args is ["kafka"])
        {
            await KafkaRun.RunAsync();
        }
        else
        {
            Bootstrap.Run(
                DummyAutoscaler.Create(),
                new HttpBackend(new HttpBackendOptions { Args = args, ConfigureBuilder = AddServices }));
        }
    }

    private static void RunApplication(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        AddServices(builder);
        builder.Services.AddKta(DummyAutoscaler.Create());
        var app = builder.Build();
        app.MapKta();
        app.Run();
    }

    private static void AddServices(WebApplicationBuilder builder)
    {
        foreach (var service in (builder.Configuration["services"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            _ = service switch
            {
                "watched" => builder.Services.AddHostedService<Watched>(),
                "crashing" => builder.Services.AddHostedService<Crashing>(),
                "unable" => builder.Services.AddHostedService<Unable>(),
                _ => throw new ArgumentException($"There is no service '{service}'."),
            };
        }
    }

    /// <summary>Tells how often it is started and stopped.</summary>
    private sealed class Watched : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Console.Out.WriteLineAsync("watched: started");

        public Task StopAsync(CancellationToken cancellationToken) => Console.Out.WriteLineAsync("watched: stopped");
    }

    /// <summary>Fails while the server runs.</summary>
    private sealed class Crashing(IHostApplicationLifetime lifetime) : BackgroundService
    {
        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            var started = new TaskCompletionSource();
            await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
            await started.Task;
            throw new InvalidDataException("the feed has ended");
        }
    }

    /// <summary>Cannot be started.</summary>
    private sealed class Unable : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => throw new IOException("there is no database at db:5432");

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
