using Kta.Functional;
using Kta.Functional.Algorithms;
using Kta.Functional.Http;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

Bootstrap.Run(DummyAutoscaler.Create(), new HttpBackend(new HttpBackendOptions
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
