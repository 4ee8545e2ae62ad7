#!/usr/bin/env dotnet
#:sdk Microsoft.NET.Sdk.Web
#:project ../../src/Kta.Functional.Http/Kta.Functional.Http.fsproj
#:project ../../src/Kta.Functional.Algorithms/Kta.Functional.Algorithms.csproj

using Kta.Functional;
using Kta.Functional.Algorithms;
using Kta.Functional.Http;

var fiveMinutes = new HpaScaling { StabilizationWindow = TimeSpan.FromMinutes(5), Policies = [new(HpaPolicyType.Percent, 50, TimeSpan.FromMinutes(1))] };

var autoscaler = Autoscaler.Create(
    ctx => Measurements.ForEach(ctx.Topology, node => new() { Busy = ctx.StartedAt.Minute / 60.0 }),
    Hpa.Rule(new HpaOptions { Metrics = [HpaMetric.Utilization(Quantity.Busy, 0.7)], ScaleDown = fiveMinutes, MaxReplicas = 32 }));

Bootstrap.Run(autoscaler, new HttpBackend(new HttpBackendOptions { Args = args }));
