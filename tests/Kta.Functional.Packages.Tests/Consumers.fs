/// Programs of users: what the templates do not cover.
module Kta.Functional.Packages.Tests.Consumers

open Kta.Functional.Tests

let private project (sdk: string) (output: string) (packages: string list) =
    let references = [ for id in packages -> $"""    <PackageReference Include="{id}" Version="{Packed.version}" />""" ]

    $"""<Project Sdk="{sdk}">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <OutputType>{output}</OutputType>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
{String.concat "\n" references}
  </ItemGroup>
</Project>"""

/// Uses every library at once, with what they bring: natives of Kafka and SQLite, a page of Plotly.
let private console =
    """using Confluent.Kafka;
using Kta.Functional;
using Kta.Functional.Algorithms;
using Kta.Functional.FSharp;
using Kta.Functional.Files;
using Kta.Functional.Http;
using Kta.Functional.Monitoring;
using Kta.Functional.Monitoring.Kafka;
using Kta.Functional.Operator;
using Kta.Functional.Recording;
using Kta.Functional.Reports;
using Kta.Functional.Simulation;
using Kta.Functional.Testing;

var orders = ApplicationFile.Read(args[0]).Application;
var run = await Simulator.RunAsync(orders, Autoscaler.Create(BreakEven.Rule()));
run.WriteReport("report.html");
using var store = KnowledgeStore.Open("kta.db");
using var flink = new FlinkMonitor("http://jobmanager:8081", "orders");
using var kafka = new KafkaMonitor("broker:9092", group: "orders", topics: ["orders"], node: TopologyNode.Deployment("orders"));
var backend = new HttpBackend(new HttpBackendOptions { RecordPath = "decisions.jsonl" });
Type[] others = [typeof(Replay), typeof(ParallelismModule), typeof(FakeOperator), backend.GetType()];
Console.WriteLine($"{run.Iterations.Count} iterations, {others.Length} others, Kafka {Library.Version != 0}");
"""

let private web =
    """using Kta.Functional;
using Kta.Functional.Http;

var algorithm = Algorithm.Create<Load, Demand>(
    monitor: ctx => new Load(12_000),
    analyze: ctx => new Demand(ctx.MonitorResult.RecordsPerSecond / 5_000),
    plan: ctx => Plan.ForEach(ctx.Topology, node => Parallelism.Of(ctx.AnalyzeResult.Instances)));

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddKta(algorithm);
var app = builder.Build();
app.MapKta();
app.Run();

sealed record Load(double RecordsPerSecond);
sealed record Demand(double Instances);
"""

/// Mistakes: a counter that outlives the call, a field that can change and does, a clock.
let private library =
    """using Kta.Functional;

namespace Library;

public static class Counting
{
    private static int calls;

    public static Algorithm Counted { get; } = Algorithm.Create<Load>(
        monitor: ctx => new Load(++calls),
        plan: ctx => Plan.ForEach(ctx.Topology, node => DateTime.UtcNow.Hour + 1));
}

public sealed class Changing : AutoscalingAlgorithmPlanUdf<Load, Load>
{
    private int least = 1;

    public override Plan Plan(PlanContext<Load, Load> context) => context.ForEachNode(node => least++);
}

public sealed record Load(double RecordsPerSecond);
"""

/// The sample with the package in place of the project.
let private singleFile () =
    (Repository.read "samples/SingleFile/autoscaler.cs")
        .Replace(
            "#:project ../../src/Kta.Functional.Http/Kta.Functional.Http.fsproj",
            $"#:package Kta.Functional.Http@{Packed.version}"
        )

/// Writes them, and says which projects there are.
let write (libraries: string list) =
    let console' = project "Microsoft.NET.Sdk" "Exe" libraries
    Machine.write "console/console.csproj" console'
    Machine.write "console/Program.cs" console
    Machine.write "web/web.csproj" (project "Microsoft.NET.Sdk.Web" "Exe" [ "Kta.Functional.Http" ])
    Machine.write "web/Program.cs" web
    // Not the package that has the analyzers, but one that is built on it.
    Machine.write "library/library.csproj" (project "Microsoft.NET.Sdk" "Library" [ "Kta.Functional.Simulation" ])
    Machine.write "library/Counting.cs" library
    Machine.write "file/autoscaler.cs" (singleFile ())
    [ "console/console.csproj"; "web/web.csproj"; "library/library.csproj" ]
