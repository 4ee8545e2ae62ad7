/// kta run is killed at any moment, and nothing that it has finished is lost. KTA_KILLS says how often, 100 for a soak.
module Kta.Cli.Tests.KilledRunTests

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.IO
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Operator
open Kta.Cli.Tests.Children
open Kta.Cli.Tests.Flink
open Kta.Cli.Tests.Runs
open Microsoft.AspNetCore.Http

let private kills =
    match Environment.GetEnvironmentVariable "KTA_KILLS" with
    | null
    | "" -> 5
    | number -> int number

/// A wait for a second process may be as long as this, whatever else the machine does.
let private patience = TimeSpan.FromSeconds 60.0

let private job = "d4f5a3b2c1d0e9f8a7b6c5d4e3f2a1b0"

/// A job manager that does at once what it is told, answers slowly, and remembers in which order it was told what.
type private JobManager(random: Random) =
    let requests = ConcurrentQueue<int>()
    let mutable parallelism = 1

    let details () =
        """{"jid":"JOB","name":"orders","state":"RUNNING","now":1767225660000,"timestamps":{"RUNNING":1767225600000},"schedulerType":"Adaptive",
"vertices":[{"id":"work","name":"work","maxParallelism":32768,"parallelism":NOW,"status":"RUNNING"}],
"plan":{"nodes":[{"id":"work","parallelism":NOW}]}}"""
            .Replace("JOB", job)
            .Replace("NOW", string parallelism)

    member _.Requests = List.ofSeq requests

    member _.Answer(context: HttpContext) : Task = task {
        match context.Request.Method, string context.Request.Path with
        | "PUT", _ ->
            let! body = Endpoints.bodyOf context
            let wanted = JsonNode.Parse(ReadOnlySpan body) |> Unchecked.nonNull
            parallelism <- int (whole [ "work"; "parallelism"; "upperBound" ] wanted)
            requests.Enqueue parallelism
            // A kill in between finds a plan that is stored and told, and not known to be.
            do! Task.Delay(lock random (fun () -> random.Next 200))
            do! Fake.json context 200 "{}"
        | _, path when path.EndsWith "/resource-requirements" ->
            let bounds = """{"work":{"parallelism":{"lowerBound":1,"upperBound":NOW}}}"""
            do! Fake.json context 200 (bounds.Replace("NOW", string parallelism))
        | _, path when path.EndsWith "/jobs/overview" ->
            do! Fake.json context 200 $$"""{"jobs":[{"jid":"{{job}}","name":"orders","state":"RUNNING"}]}"""
        | _, path when path.EndsWith $"/jobs/{job}" -> do! Fake.json context 200 (details ())
        | _ -> do! Fake.json context 404 """{"errors":["Not found."]}"""
    }

let private isDecision (line: JsonNode) = not (isNull line["plan"])

/// Killed in the middle of a line, a process leaves a part of it.
let private parsed (line: string) =
    try
        Option.ofObj (JsonNode.Parse line)
    with :? Text.Json.JsonException ->
        None

let private isWaiting (child: Child) : Task =
    task {
        while not (child.Notes.Contains "waiting to take over") do
            do! Task.Delay 50
    }
    |> _.WaitAsync(patience)

/// Kills the process that decides, again and again, each time with another one that waits. The ids of what they said to have decided.
let private killAgainAndAgain (run: unit -> Child) (random: Random) : Task<string list> = task {
    let told = List<string>()

    let tell (line: JsonNode) =
        if isDecision line then
            told.Add(text [ "id" ] line)

    let next (child: Child) (isMeant: JsonNode -> bool) =
        child.Next(fun line ->
            tell line
            isMeant line)

    let kill (child: Child) : Task = task {
        do! child.Kill()
        let! rest = child.Rest()
        rest |> List.choose parsed |> List.iter tell
        (child :> IDisposable).Dispose()
    }

    let mutable deciding = run ()
    let! _ = next deciding isDecision

    for _ in 1..kills do
        let waiting = run ()
        do! isWaiting waiting
        do! Task.Delay(random.Next 1_500)
        do! kill deciding
        deciding <- waiting

        if random.Next 3 = 0 then
            // It may die, too, while it takes over; then nobody waits.
            do! Task.Delay(random.Next 600)
            do! kill deciding
            deciding <- run ()

        let! _ = next deciding (fun _ -> true)
        ()

    let! _ = next deciding isDecision
    let! code = deciding.Terminate()
    Expect.equal code 0 "ended in order"
    do! kill deciding
    return List.ofSeq told
}

let private killed =
    testTask
        $"killed {kills} times at any moment: nothing finished is lost, nothing old is scaled, and another one goes on" {
        let random = Random 20_261_126
        let manager = JobManager random

        do!
            counting (fun server ->
                Fake.serving manager.Answer (fun address ->
                    Tool.inFolder (fun folder -> task {
                        let file =
                            write folder "orders.yaml" [
                                policy
                                    "orders"
                                    []
                                    (endpoints server.BaseAddress)
                                    (Runs.flink (Uri address) job [ "work" ])
                            ]

                        let store = Path.Combine(folder, "kta.db")
                        let! told = killAgainAndAgain (fun () -> new Child([ "run"; file; "--store"; store ])) random
                        use knowledge = KnowledgeStore.OpenForReading store
                        let stored = List.ofSeq (knowledge.Read "default/orders")
                        let plans = [ for one in stored -> one.Parallelism[TopologyNode.Flink "work"] ]

                        Expect.isGreaterThanOrEqual told.Length kills "it decided between the kills"

                        Expect.isEmpty
                            (Set.difference (set told) (set [ for one in stored -> one.Id ]))
                            "what was said to be decided is stored"

                        Expect.equal (List.distinct [ for one in stored -> one.Id ]).Length stored.Length "each once"

                        Expect.equal
                            plans
                            [ 1 .. stored.Length ]
                            "each was told of the one before it: none is lost, none stands twice, all are in order"

                        for before, after in List.pairwise stored do
                            Expect.isLessThanOrEqual before.EndedAt after.StartedAt "one after the other"

                            Expect.isLessThan
                                (after.StartedAt - before.EndedAt)
                                (TimeSpan.FromSeconds 12.0)
                                "two intervals of a second, and what a busy machine needs"

                        Expect.equal
                            manager.Requests
                            [ 2 .. stored.Length ]
                            "the job, which ran with one, was told every plan once, and none after a newer one"
                    })))
    }

let tests = testList "kta run is killed" [ killed ]
