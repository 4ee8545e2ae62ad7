using System.Globalization;
using System.Net.Sockets;
using Kta.Functional.Operator;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace Kta.Cli;

/// <summary>What the loops do, for Prometheus and for the probes of Kubernetes.</summary>
internal sealed class RunMetrics : IAsyncDisposable
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly Counter _iterations;
    private readonly Counter _rescales;
    private readonly Gauge _parallelism;
    private readonly Gauge _decidedAt;
    private WebApplication? _server;

    internal RunMetrics()
    {
        var factory = Metrics.WithCustomRegistry(_registry);
        _iterations = factory.CreateCounter("kta_iterations_total", "Iterations by outcome: decided, or the step that failed.", "policy", "outcome");
        _rescales = factory.CreateCounter("kta_scalings_total", "Nodes that were scaled, by outcome: sent or failed.", "policy", "outcome");
        _parallelism = factory.CreateGauge("kta_decided_parallelism", "Instances that were decided last.", "policy", "node");
        _decidedAt = factory.CreateGauge("kta_last_decision_timestamp_seconds", "When something was decided last, in seconds since 1970-01-01 UTC.", "policy");
    }

    internal void Add(RunEvent what)
    {
        switch (what)
        {
            case IterationDecided decided:
                _iterations.WithLabels(decided.Policy, "decided").Inc();
                _decidedAt.WithLabels(decided.Policy).Set(decided.At.ToUnixTimeMilliseconds() / 1000.0);
                foreach (var node in decided.Scaling.Nodes)
                {
                    _parallelism.WithLabels(decided.Policy, node.Node.ToString()!).Set(node.Wanted);
                    if (node.Outcome is ScalingOutcome.Sent or ScalingOutcome.Failed)
                    {
                        _rescales.WithLabels(decided.Policy, RunLines.WordOf(node.Outcome)).Inc();
                    }
                }

                break;
            case IterationFailed failed:
                _iterations.WithLabels(failed.Policy, failed.Where).Inc();
                break;
        }
    }

    /// <summary>A policy that is gone is no longer told.</summary>
    internal void Remove(string policy)
    {
        Forget(_iterations);
        Forget(_rescales);
        Forget(_parallelism);
        Forget(_decidedAt);

        void Forget<T>(Collector<T> numbers)
            where T : ChildBase
        {
            foreach (var labels in numbers.GetAllLabelValues().Where(values => values[0] == policy).ToList())
            {
                numbers.RemoveLabelled(labels);
            }
        }
    }

    /// <summary>Serves <c>/metrics</c>, <c>/health/live</c> and <c>/health/ready</c>.</summary>
    /// <param name="host">The address to listen on.</param>
    /// <param name="port">The port; 0 for a free one.</param>
    /// <param name="isReady">Whether this process decides: one that waits to take over is alive, but not ready.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>Where it listens.</returns>
    /// <exception cref="CommandFailedException">Nothing can listen there.</exception>
    internal async Task<string> ServeAsync(string host, int port, Func<bool> isReady, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.Urls.Add(string.Create(CultureInfo.InvariantCulture, $"http://{host}:{port}"));
        _server.MapGet("/health/live", () => Results.Json(new { status = "live" }));
        _server.MapGet("/health/ready", () => isReady() ? Results.Json(new { status = "ready" }) : Results.Json(new { status = "waiting" }, statusCode: 503));
        _server.MapGet("/metrics", async context =>
        {
            context.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            await _registry.CollectAndExportAsTextAsync(context.Response.Body, context.RequestAborted);
        });
        try
        {
            await _server.StartAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or FormatException or SocketException)
        {
            throw new CommandFailedException($"Nothing can listen at {host}:{port}: {error.Message} Give another --metrics-port or --metrics-host.", error);
        }

        return _server.Urls.First();
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { } server)
        {
            await server.DisposeAsync();
        }
    }
}
