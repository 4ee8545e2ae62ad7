using Kta.Functional;
using Kta.Functional.Http;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

var algorithm = Algorithm.Create<Load>(
    monitor: ctx => new Load(1_000 * ctx.StartedAt.Minute),
    plan: ctx => Plan.ForEach(ctx.Topology, node => Parallelism.Of(ctx.MonitorResult.RecordsPerSecond / 5_000).AtLeast(1)));

Bootstrap.Run(algorithm, new HttpBackend(new HttpBackendOptions
{
    Args = args,
    ConfigureBuilder = builder =>
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter("Kta.Functional", "Microsoft.AspNetCore.Hosting").AddPrometheusExporter())
            .WithTracing(traces => traces.AddSource("Kta.Functional", "Microsoft.AspNetCore"));

        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            telemetry.UseOtlpExporter();
        }
    },
    ConfigureApp = app => app.MapPrometheusScrapingEndpoint(),
}));

record Load(double RecordsPerSecond);
