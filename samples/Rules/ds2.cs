#!/usr/bin/env dotnet
#:sdk Microsoft.NET.Sdk.Web
#:project ../../src/Kta.Functional.Http/Kta.Functional.Http.fsproj
#:project ../../src/Kta.Functional.Algorithms/Kta.Functional.Algorithms.csproj

using Kta.Functional;
using Kta.Functional.Algorithms;
using Kta.Functional.Http;

var autoscaler = Autoscaler.Create(
    ctx => Measurements.ForEach(ctx.Topology, node => new() { RecordsIn = 1_000, RecordsOut = 1_000, Busy = 0.9, ArrivalRate = 100 * ctx.StartedAt.Minute }),
    Ds2.Rule(new Ds2Options { ScalingFactor = 0.2 }),
    Strategy.Bounds(1, 32),
    Strategy.Cooldown(TimeSpan.FromMinutes(2)));

Bootstrap.Run(autoscaler, new HttpBackend(new HttpBackendOptions { Args = args }));
