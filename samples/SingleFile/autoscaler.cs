#!/usr/bin/env dotnet
#:sdk Microsoft.NET.Sdk.Web
#:project ../../src/Kta.Functional.Http/Kta.Functional.Http.fsproj

using Kta.Functional;
using Kta.Functional.Http;

var algorithm = Algorithm.Create<Load>(
    monitor: ctx => new Load(1_000 * ctx.StartedAt.Minute),
    plan: ctx => Plan.ForEach(ctx.Topology, node => Parallelism.Of(ctx.MonitorResult.RecordsPerSecond / 5_000).AtLeast(1)));

Bootstrap.Run(algorithm, new HttpBackend(new HttpBackendOptions { Args = args }));

record Load(double RecordsPerSecond);
