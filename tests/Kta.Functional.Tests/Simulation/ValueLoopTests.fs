/// In process the loop hands over values, and nobody can tell: decisions are those of the same loop over HTTP.
module Kta.Functional.Tests.Simulation.ValueLoopTests

open System
open System.Buffers
open System.Collections.Generic
open System.Text
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Simulation
open Kta.Functional.Tests

let private one = Topology.Of(TopologyNode.Deployment "orders")

let private options () =
    LocalOperatorOptions(NewId = IterationIds.Numbered(), Interval = TimeSpan.FromSeconds 60.0)

let nodes count = Topology [ for i in 1..count -> TopologyNode.Flink $"vertex-{i}" ]

/// A load that comes and goes, different for every node, with numbers that Java writes in its own way and some that are missing.
let private measured (topology: Topology) (at: DateTimeOffset) =
    let minute = at.TimeOfDay.TotalMinutes + at.Date.Subtract(DateTime(2025, 1, 1)).TotalMinutes

    Measurements.ForEach(
        topology,
        fun node ->
            let place = float (Seq.findIndex ((=) node) topology)
            let rate = 30_000_000.0 * (1.1 + sin (minute / 40.0 + place)) / (place + 1.0)

            NodeMeasurements(
                RecordsIn = Reading.op_Implicit rate,
                RecordsOut = Reading.op_Implicit rate,
                Busy =
                    (if int minute % 7 = int place then
                         Reading.Absent
                     else
                         Reading.op_Implicit (0.5 + 0.4 * sin (minute / 11.0))),
                ArrivalRate =
                    (if place = 0.0 then
                         Reading.op_Implicit rate
                     else
                         Reading.Absent),
                Lag = Reading.op_Implicit 1e-7,
                Parallelism = Reading.op_Implicit (1 + int minute % 9)
            )
    )

/// Rules and strategies that look back, also further than one entry.
let autoscaler =
    Autoscaler.Create(
        (fun (ctx: MonitorContext<Measurements, Proposals>) -> measured ctx.Topology ctx.StartedAt),
        Rule.Max(Ds2.Rule(), Hpa.Rule()),
        Strategy.Stabilize(TimeSpan.FromMinutes 5.0),
        Strategy.Bounds(1, 40),
        Strategy.Cooldown(TimeSpan.FromMinutes 3.0)
    )

let private trace (run: LocalRun) = [
    for iteration in run.Iterations ->
        iteration.Id,
        iteration.StartedAt,
        iteration.MonitorResult,
        iteration.AnalyzeResult,
        [ for node in run.Topology -> iteration.Plan[node], iteration.Parallelism[node] ]
]

let private sameDecisions =
    testList "makes the same decisions as over HTTP" [
        for count in [ 1; 3; 20 ] do
            testCaseTask $"for {count} nodes in 500 iterations"
            <| fun () -> task {
                let topology = nodes count
                let! server = Server.start autoscaler
                use _ = server :> IAsyncDisposable
                let endpoints = StepEndpoints.At(string server.Backend.BaseAddress)
                let! remote = LocalOperator.RunAsync(endpoints, topology, 500, options ())
                let! local = LocalOperator.RunAsync(autoscaler, topology, 500, options ())
                Expect.sequenceEqual (trace local) (trace remote) "the same run"

                Expect.isGreaterThan
                    (List.length (List.distinct [ for _, _, _, _, plan in trace local -> plan ]))
                    5
                    "with decisions in it"
            }
    ]

/// What a step sees of the results, as text.
type private Seen = { mutable Told: string }

type Tally() =
    member val Items = List<string>() with get, set

let private looking =
    Algorithm
        .For<JsonObject, JsonObject>()
        .WithMonitor(fun ctx ->
            Codec.Untyped.Read(
                ReadOnlySpan(
                    Encoding.UTF8.GetBytes $$"""{"rate":1e7,"small":1E-7,"n":{{ctx.History.Count}},"none":null}"""
                )
            ))
        .WithAnalyze(fun ctx ->
            if ctx.History.Count % 2 = 0 then
                null
            else
                Json.object [ "odd", JsonValue.Create 1e-9 ])
        .WithPlan(fun ctx ->
            let told = StringBuilder(ctx.MonitorResult.ToJsonString())

            told.Append(
                match ctx.AnalyzeResultOrNull with
                | null -> "nothing"
                | result -> result.ToJsonString()
            )
            |> ignore

            for entry in Seq.truncate 3 ctx.History do
                told
                    .Append('|')
                    .Append(entry.Id[35..])
                    .Append(entry.MonitorResult.ToJsonString())
                    .Append(
                        match entry.AnalyzeResult with
                        | null -> "nothing"
                        | result -> result.ToJsonString()
                    )
                    .Append(entry.Plan)
                    .Append(entry.UdfEndTimestampMillis - entry.UdfStartTimestampMillis)
                |> ignore

            // The plan carries the text out: every character counts.
            let hash = told.ToString() |> Seq.fold (fun hash c -> (hash * 31 + int c) % 1_000_003) 7
            Plan.ForEach(ctx.Topology, (fun _ -> 1 + hash)))

let private sameSight =
    testList "shows steps what they would see over the wire" [
        testCaseTask "numbers as Java leaves them, nothing where nothing was said, the past"
        <| fun () -> task {
            let! server = Server.start looking
            use _ = server :> IAsyncDisposable

            let! remote =
                LocalOperator.RunAsync(StepEndpoints.At(string server.Backend.BaseAddress), one, 20, options ())

            let! local = LocalOperator.RunAsync(looking, one, 20, options ())
            Expect.sequenceEqual (trace local) (trace remote) "the same run"
        }

        testCaseTask "results of their own: what a step does to them is nothing to the next"
        <| fun () -> task {
            let spoiling =
                Algorithm
                    .For<Tally, Tally>()
                    .WithMonitor(fun _ -> Tally(Items = List [ "a" ]))
                    .WithAnalyze(fun ctx ->
                        ctx.MonitorResult.Items.Add "analyze was here"
                        Tally(Items = List [ "b" ]))
                    .WithPlan(fun ctx ->
                        let now = ctx.MonitorResult.Items.Count + ctx.AnalyzeResult.Items.Count

                        let before =
                            match ctx.History.Latest with
                            | null -> 2
                            | latest -> latest.MonitorResult.Items.Count + (nonNull latest.AnalyzeResult).Items.Count

                        for entry in ctx.History do
                            entry.MonitorResult.Items.Add "plan was here"

                        Plan.ForEach(ctx.Topology, (fun _ -> now * 10 + before)))

            let! run = LocalOperator.RunAsync(spoiling, one, 4, options ())
            Expect.equal [ for decision in run.Decisions -> decision[one[0]] ] [ 22; 22; 22; 22 ] "always one and one"
        }

        testCaseTask "an entry that another algorithm cannot read is left out"
        <| fun () -> task {
            let counting (codec: ResultCodec<JsonObject>) =
                Algorithm
                    .For<JsonObject, JsonObject>()
                    .WithMonitor(fun ctx -> Json.object [ "n", JsonValue.Create ctx.History.Count ])
                    .WithPlan(fun ctx -> Plan.ForEach(ctx.Topology, (fun _ -> 1 + ctx.History.Count)))
                    .WithMonitorCodec
                    codec

            let refusing =
                Codec.FromText(
                    (fun (value: JsonObject) -> value.ToJsonString()),
                    fun text ->
                        if text.Contains "2" then
                            raise (FormatException "no twos")

                        nonNull (JsonNode.Parse text) :?> JsonObject
                )

            let! run = LocalOperator.RunAsync(counting refusing, one, 6, options ())
            // Monitor in iteration 3 counts 2; from then on that entry is missing.
            Expect.equal [ for decision in run.Decisions -> decision[one[0]] ] [ 1; 2; 3; 3; 3; 3 ] "the wire's way"
        }

        testCaseTask "no context behind its step"
        <| fun () -> task {
            let kept = Service.Of(List<History<JsonObject, JsonObject>>())

            let keeping =
                Algorithm
                    .For<JsonObject, JsonObject>()
                    .WithMonitor(fun ctx ->
                        kept.Value.Add ctx.History
                        Json.object [])
                    .WithPlan(fun ctx -> Plan.ForEach(ctx.Topology, (fun _ -> 1)))

            let! _ = LocalOperator.RunAsync(keeping, one, 2, options ())
            Expect.throwsT<IllegalAccessException> (fun () -> kept.Value[1].Count |> ignore) "as with a request"
        }
    ]

/// Counts what is decoded.
type private CountingCodec(reads: int ref) =
    inherit ResultCodec<JsonObject>()
    override _.Write(value: JsonObject, output: IBufferWriter<byte>) = Codec.Untyped.Write(value, output)

    override _.Read(json: ReadOnlySpan<byte>) =
        Interlocked.Increment reads |> ignore
        Codec.Untyped.Read json

let private decodedIn iterations = task {
    let reads = ref 0

    let algorithm =
        Algorithm
            .For<JsonObject, JsonObject>()
            .WithMonitor(fun _ -> Json.object [ "rate", JsonValue.Create 1.5 ])
            .WithPlan(fun ctx ->
                Plan.ForEach(ctx.Topology, (fun _ -> if ctx.History.IsEmpty then 1 else ctx.History[0].Plan.Count)))
            .WithMonitorCodec(CountingCodec reads)

    let! _ = LocalOperator.RunAsync(algorithm, one, iterations, LocalOperatorOptions(AskTwice = [||]))
    return reads.Value
}

let private flat =
    testList "costs what a step looks at" [
        testCaseTask "an iteration decodes as much with ten entries behind it as with a thousand"
        <| fun () -> task {
            let! ten = decodedIn 10
            let! thousand = decodedIn 1_000
            Expect.equal (thousand + 1) ((ten + 1) * 100) "one entry for each iteration but the first"
        }
    ]

let tests = testSequenced (testList "A loop of values" [ sameDecisions; sameSight; flat ])
