/// The file in which a simulated Flink keeps its state.
module Kta.Cli.Tests.FlinkStateFileTests

open System
open System.IO
open System.Net.Http
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Cli
open Kta.Functional.Simulation
open Kta.Cli.Tests.Flink
open Kta.Cli.Tests.Tool

let tests =
    testList "The state file of a simulated Flink" [
        testTask "remembers what it has refused, too" {
            do!
                inFolder (fun folder -> task {
                    let path = Path.Combine(folder, "state.jsonl")

                    let! (served: Served) =
                        start (chain "kept" 1400.0) (fun clock -> FlinkFaceOptions(Clock = clock, StatePath = path))

                    let bodies = [
                        "{\"map\":"
                        "[[\"map\"]]"
                        String('[', 64) + String(']', 64)
                        "null"
                        "\"map\""
                        """{"map":1,"map":2}"""
                        String('x', 50_000)
                    ]

                    for body in bodies do
                        let! status, _ = served.Ask HttpMethod.Put $"{served.Job}/resource-requirements" body
                        Expect.equal status 400 body

                    let! before = served.Get "/kta/requests"
                    do! (served :> IAsyncDisposable).DisposeAsync()

                    let! (served: Served) =
                        start (chain "kept" 1400.0) (fun clock -> FlinkFaceOptions(Clock = clock, StatePath = path))

                    let! requests = served.Get "/kta/requests"
                    Expect.equal (requests.ToJsonString()) (before.ToJsonString()) "after the restart, too"
                    let sent = items requests
                    Expect.equal sent.Length bodies.Length "all"
                    Expect.equal (text [ "body" ] sent[0]) bodies[0] "what is no JSON, as text"
                    Expect.equal ((at [ "body" ] sent[1]).ToJsonString()) bodies[1] "what is JSON, as such"
                    Expect.equal (text [ "body" ] sent[6]).Length 10_000 "and not without end"
                    Expect.equal (text [ "body" ] sent[2]) bodies[2] "what is too deep for others, as text"
                    do! (served :> IAsyncDisposable).DisposeAsync()
                })
        }

        test "is read or refused, however it is damaged" {
            let header = StateHeader("kept", "0123", 256, 1_735_689_600_000L)

            let write (path: string) =
                use state = StateFile.Open(path, header)
                state.Add(RequirementsRequest(60L, 200, """{"map":{"parallelism":{"lowerBound":1,"upperBound":4}}}"""))
                state.Add(SlotsChange(120L, 12))
                state.Reach 200L

            let folder = Directory.CreateTempSubdirectory("kta-").FullName
            let path = Path.Combine(folder, "state.jsonl")
            write path
            let whole = File.ReadAllBytes path
            let random = Random 1

            for _ in 1..2_000 do
                let bytes = ResizeArray<byte> whole

                for _ in 0 .. random.Next 3 do
                    let at = random.Next bytes.Count

                    match random.Next 3 with
                    | 0 -> bytes[at] <- byte (random.Next 256)
                    | 1 -> bytes.RemoveRange(at, random.Next(bytes.Count - at))
                    | _ -> bytes.Insert(at, byte (random.Next 256))

                    if bytes.Count = 0 then
                        bytes.AddRange whole

                File.WriteAllBytes(path, bytes.ToArray())

                try
                    use state = StateFile.Open(path, header)
                    Expect.isGreaterThanOrEqual state.Second 0L "a second"
                    state.Add(SlotsChange(state.Second, 3))
                with :? CommandFailedException as error ->
                    Expect.stringContains error.Message "delete the file to begin anew" "what to do"

            Directory.Delete(folder, true)
        }
    ]
