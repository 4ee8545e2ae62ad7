/// Reasons of a server that the local operator calls.
module Kta.Functional.Tests.Simulation.ExplainedLoopTests

open System
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Simulation.Answers
open Microsoft.AspNetCore.Http

/// Wants one instance more with every iteration, and may change only every two minutes.
let private growing =
    Autoscaler.Create(
        (fun (_: MonitorContext<Measurements, Proposals>) -> Measurements.Nothing),
        Rule.Of(
            "growing",
            fun _ ctx ->
                let next = Seq.length ctx.History + 2

                Plan.ForEach(ctx.Topology, (fun _ -> next)).Because(ctx.Topology[0], $"growing: {next} wanted")
        ),
        Strategy.Cooldown(TimeSpan.FromMinutes 2.0)
    )

let private explaining () =
    LocalOperatorOptions(
        Clock = VirtualClock(),
        NewId = IterationIds.Numbered(),
        StepTimeout = TimeSpan.FromSeconds 30.0,
        Explain = true
    )

let private told (run: LocalRun) = [
    for iteration in run.Iterations ->
        match iteration.Explanation with
        | null -> []
        | why -> [ for node in why.Nodes -> string node, node.IsHeldBack, node.LacksData, node.Current ]
]

/// Answers every step, and explain as the test wants it.
let private stepsWith (explain: HttpContext -> Task) (context: HttpContext) : Task =
    let path = string context.Request.Path

    if path.EndsWith("/explain", StringComparison.Ordinal) then
        explain context
    elif path.EndsWith("/plan", StringComparison.Ordinal) then
        answering 200 "application/json" (utf8 """{"parallelism":3}""") context
    else
        answering 200 "application/json" (utf8 "{}") context

let private explanations: (string * (HttpContext -> Task)) list = [
    "has none", answering 404 "application/json" (utf8 """{"message":"no such path"}""")
    "fails", answering 500 "application/json" (utf8 "{}")
    "answers another plan", answering 200 "application/json" (utf8 """{"plan":{"parallelism":4},"reasons":{}}""")
    "answers no JSON", answering 200 "text/plain" (utf8 "because")
    "answers a list", answering 200 "application/json" (utf8 "[]")
    "answers no reasons", answering 200 "application/json" (utf8 """{"plan":{"parallelism":3}}""")
    "answers reasons of another shape",
    answering 200 "application/json" (utf8 """{"plan":{"parallelism":3},"reasons":{"orders":"because"}}""")
    "breaks off",
    (fun context ->
        context.Abort()
        Task.CompletedTask)
]

let tests =
    testList "A local operator that explains" [
        testTask "knows over HTTP what it knows in process" {
            let! (server: Server.RunningServer) = Server.start growing
            use _ = server :> IAsyncDisposable
            let endpoints = StepEndpoints.At(string server.Backend.BaseAddress)
            let! (far: LocalRun) = LocalOperator.RunAsync(endpoints, one, 8, explaining ())
            let! (near: LocalRun) = LocalOperator.RunAsync(growing, one, 8, options ())
            Expect.equal (told far) (told near) "reasons, held back or not, and what was applied before"

            Expect.exists
                (List.concat (told far))
                (fun (text, isHeldBack, _, _) -> isHeldBack && text.Contains "Cooldown")
                "one was held back"
        }

        testTask "asks nobody unless it is told to" {
            let! (server: Server.RunningServer) = Server.start growing
            use _ = server :> IAsyncDisposable

            let! (run: LocalRun) =
                LocalOperator.RunAsync(StepEndpoints.At(string server.Backend.BaseAddress), one, 2, options ())

            Expect.equal (told run) [ []; [] ] "no reasons"
        }

        for name, explain in explanations do
            testTask $"goes on without reasons if the server {name}" {
                let! (run: LocalRun) =
                    served plainly (stepsWith explain) (fun address ->
                        LocalOperator.RunAsync(StepEndpoints.At address, one, 2, explaining ()))

                Expect.equal (told run) [ []; [] ] "no reasons"
                Expect.equal [ for one in run.Iterations -> Seq.head one.Parallelism.Values ] [ 3; 3 ] "the plans"
            }
    ]
