/// The state of a simulated Flink outlives its process.
module Kta.Cli.Tests.FlinkStateTests

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

let private application = chain "kept" 1400.0

let private from (path: string) =
    start application (fun clock -> FlinkFaceOptions(Clock = clock, StatePath = path))

let private stop (served: Served) = (served :> IAsyncDisposable).DisposeAsync()

/// Everything that can be asked, so that two of them can be compared.
let private everything (served: Served) = task {
    let answers = ResizeArray<JsonNode>()

    for path in
        [
            ""
            "/resource-requirements"
            "/rescales/history"
            "/rescales/summary"
            "/vertices/source/subtasks/metrics?get=Source__source.pendingRecords,Source__source.numRecordsInPerSecond"
            "/vertices/map/subtasks/metrics?get=numRecordsIn,busyTimeMsPerSecond"
        ] do
        let! answer = served.InJob path
        answers.Add answer

    let! requests = served.Get "/kta/requests"
    answers.Add requests
    return [ for answer in answers -> answer.ToJsonString() ]
}

/// Rescaled, with a lag, and asked in the middle of an interval.
let private live (served: Served) = task {
    served.Pass 60.0
    let! _ = served.Require [ "source", 2, 2; "map", 4, 4 ]
    served.Pass 200.0
    let! _ = served.Require [ "source", 2, 2 ]
    let! _ = served.Require [ "source", 2, 2; "map", 5, 5 ]
    served.Pass 95.0
}

let private inFile (work: string -> Task<unit>) = inFolder (fun folder -> work (Path.Combine(folder, "state.jsonl")))

/// What a process leaves that ends without a word: nothing is written then.
let private afterLife (path: string) = task {
    let! (served: Served) = from path
    do! live served
    let! before = everything served
    let written = File.GetLastWriteTimeUtc path
    do! stop served
    Expect.equal (File.GetLastWriteTimeUtc path) written "not written at the end"
    return before
}

let private refused (path: string) (served: Application) =
    refusal (fun () -> FlinkFace.StartAsync(served, FlinkFaceOptions(StatePath = path)))

let tests =
    testList "A simulated Flink with a state" [
        testTask "goes on where it was killed, with lag, requests and history, and goes on as if it had not been" {
            do!
                inFile (fun path -> task {
                    let! before = afterLife path
                    let! (again: Served) = from path
                    let! after = everything again
                    Expect.equal after before "all that can be asked"

                    let! (unkilled: Served) = start application (fun clock -> FlinkFaceOptions(Clock = clock))
                    do! live unkilled

                    for served in [ again; unkilled ] do
                        served.Pass 500.0
                        let! _ = served.Require [ "source", 3, 3; "map", 6, 6 ]
                        served.Pass 45.0

                    let! after = everything again
                    let! expected = everything unkilled
                    Expect.equal after expected "as if it had not been"
                    do! stop again
                    do! stop unkilled
                })
        }

        testTask "loses at most the time since it was last asked, and by an unfinished line nothing else" {
            do!
                inFile (fun path -> task {
                    let! before = afterLife path
                    let whole = File.ReadAllBytes path

                    let mark =
                        Array.FindLastIndex(whole, whole.Length - 2, fun letter -> letter = byte '\n')
                        + 1

                    let unfinished = """{"second":9999,"status":200,"bo"""B
                    // An event is written over the mark, in one piece with the next one.
                    for left in
                        [
                            Array.append whole unfinished
                            Array.append whole[.. mark - 1] unfinished
                            whole[.. whole.Length - 6]
                        ] do
                        File.WriteAllBytes(path, left)
                        let! (again: Served) = from path
                        let! requests = again.Get "/kta/requests"
                        Expect.equal (items requests).Length 3 "all requests"
                        do! stop again

                    File.WriteAllBytes(path, whole)
                    let! (again: Served) = from path
                    let! after = everything again
                    Expect.equal after before "as it was"
                    do! stop again

                    File.WriteAllBytes(path, whole[.. mark - 1])
                    let! (again: Served) = from path
                    let! requests = again.Get "/kta/requests"
                    Expect.equal (items requests).Length 3 "all requests"
                    Expect.equal again.Face.Second 260L "at the last of them"
                    do! stop again
                })
        }

        testTask "holds lines of JSON, does not grow while nobody asks for changes, and belongs to one process" {
            do!
                inFile (fun path -> task {
                    let! (served: Served) = from path
                    do! live served
                    let! _ = served.Get "/jobs"
                    let length = FileInfo(path).Length
                    served.Pass 86_400.0
                    let! _ = served.Get "/jobs"
                    Expect.equal (FileInfo(path).Length) length "a day later"

                    try
                        let! (second: Served) = from path
                        do! stop second
                        failtest "a second process has opened it"
                    with :? IOException ->
                        ()

                    do! stop served
                    let lines = [ for line in File.ReadAllLines path -> JsonNode.Parse line |> Unchecked.nonNull ]
                    Expect.equal (text [ "application" ] lines[0]) "kept" "whose it is"

                    Expect.equal
                        [ for line in lines[1..] -> whole [ "second" ] line ]
                        [ 60L; 260L; 260L; 86_755L ]
                        "when"

                    Expect.equal
                        [ for line in lines[1..3] -> whole [ "status" ] line ]
                        [ 200L; 400L; 200L ]
                        "what became of it"
                })
        }

        testTask "does not go on with another application, and says what to do" {
            do!
                inFile (fun path -> task {
                    let! _ = afterLife path
                    let! error = refused path (chain "other" 1400.0)

                    Expect.stringContains
                        error
                        $"{path} is the state of kept, and not of other as it is described now"
                        "name"

                    Expect.stringContains error "delete the file to begin anew" "what to do"
                    let! error = refused path (chain "kept" 1401.0)
                    Expect.stringContains error "not of kept as it is described now" "load"

                    let! (same: Served) =
                        start (chain "kept" 1400.0) (fun clock -> FlinkFaceOptions(Clock = clock, StatePath = path))

                    do! stop same
                })
        }

        testTask "does not go on with a file that is damaged in the middle, or is no state" {
            do!
                inFile (fun path -> task {
                    let! _ = afterLife path
                    let lines = File.ReadAllLines path
                    File.WriteAllLines(path, [ lines[0]; "{}"; lines[2] ])
                    let! error = refused path application
                    Expect.stringContains error $"{path}:2: this line is damaged" "where"
                    File.WriteAllLines(path, [ lines[0]; lines[1].Replace("map", "mop"); lines[2] ])
                    let! error = refused path application
                    Expect.stringContains error "kept cannot have taken a request that stands there" "what"
                    File.WriteAllText(path, "name: kept\n")
                    let! error = refused path application
                    Expect.stringContains error "is no state of kta flink" "a file of something else"
                    Expect.equal (File.ReadAllText path) "name: kept\n" "and it is left alone"
                })
        }

        testTask "takes other slots at a restart as task managers that have come or gone" {
            do!
                inFile (fun path -> task {
                    let withSlots (slots: int) =
                        start application (fun clock ->
                            FlinkFaceOptions(Clock = clock, StatePath = path, Slots = slots))

                    let! (served: Served) = withSlots 3
                    served.Pass 60.0
                    let! _ = served.Require [ "source", 5, 5; "map", 5, 5 ]
                    do! stop served
                    let! (served: Served) = withSlots 5
                    let! jobs = served.Get "/jobs"
                    Expect.equal (text [ "jobs"; 0; "status" ] jobs) "RESTARTING" "what waited for slots goes on"
                    do! stop served
                    let! (served: Served) = from path
                    let! overview = served.Get "/overview"
                    Expect.equal (whole [ "slots-total" ] overview) 5L "without the option they stay"
                    do! stop served
                })
        }
    ]
