/// Live runs of policies for tests: started as a user starts them, read line by line, and stopped.
module Kta.Cli.Tests.Runs

open System
open System.Collections
open System.IO
open System.Text
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Channels
open System.Threading.Tasks
open Kta.Functional
open Kta.Functional.Http

/// What is written, line by line, to whoever waits for it.
type private Lines() =
    inherit TextWriter()
    let lines = Channel.CreateUnbounded<string>()
    let unfinished = StringBuilder()
    override _.Encoding = Encoding.UTF8

    override _.Write(char: char) =
        lock unfinished (fun () ->
            if char = '\n' then
                lines.Writer.TryWrite(string unfinished) |> ignore
                unfinished.Clear() |> ignore
            else
                unfinished.Append char |> ignore)

    member _.Reader = lines.Reader

    member _.Rest =
        [
            while lines.Reader.TryPeek(ref "") do
                lines.Reader.ReadAsync().Result
        ]
        |> String.concat "\n"

let private patience = TimeSpan.FromSeconds 60.0

/// The next line of JSON that is meant; what comes before it is passed over, and told if it does not come.
let nextLine (lines: ChannelReader<string>) (notes: unit -> string) (isMeant: JsonNode -> bool) : Task<JsonNode> = task {
    let seen = Generic.List<string>()
    use patience = new CancellationTokenSource(patience)
    let mutable found: JsonNode option = None

    while found.IsNone do
        try
            let! line = lines.ReadAsync patience.Token
            seen.Add line
            let json = JsonNode.Parse line |> Unchecked.nonNull

            if isMeant json then
                found <- Some json
        with
        | :? OperationCanceledException
        | :? ChannelClosedException ->
            let told = String.concat "\n" seen
            failwith $"The line did not come, but these:\n{told}\n{notes ()}"

    return found.Value
}

type Running(arguments: string list) =
    let output = new Lines()
    let notes = new Lines()
    let ending = new CancellationTokenSource()
    let run = Tool.runWith output notes ending.Token ("run" :: arguments)

    member _.Next(isMeant: JsonNode -> bool) : Task<JsonNode> = nextLine output.Reader (fun () -> notes.Rest) isMeant

    member this.Decision() = this.Next(fun line -> not (isNull line["plan"]))

    member this.Note(part: string) =
        this.Next(fun line ->
            match line["note"] with
            | null -> false
            | note -> note.GetValue<string>().Contains part)

    /// What is told on the error stream.
    member _.Told(part: string) : Task<string> =
        task {
            let mutable found: string option = None

            while found.IsNone do
                let! line = notes.Reader.ReadAsync()

                if line.Contains part then
                    found <- Some line

            return found.Value
        }
        |> _.WaitAsync(patience)

    member _.HasEnded = run.IsCompleted

    member _.Stop() : Task<int> =
        ending.Cancel()
        run.WaitAsync patience

    interface IDisposable with
        member _.Dispose() =
            ending.Cancel()
            // A test that fails leaves it to end by itself.
            run.ContinueWith(fun (_: Task<int>) -> ending.Dispose()) |> ignore

let started (folder: string) (arguments: string list) =
    new Running(arguments @ [ "--store"; Path.Combine(folder, "kta.db"); "--lines" ])

/// A policy as text: its annotations, its behaviour, and what it scales.
let policy (name: string) (annotations: (string * string) list) (behavior: string list) (driver: string list) =
    let indented (by: int) (lines: string list) = lines |> List.map (fun line -> String(' ', by) + line)

    [
        "apiVersion: research.dynatrace.com/v1alpha1"
        "kind: KtaPolicy"
        "metadata:"
        $"  name: {name}"
        if not annotations.IsEmpty then
            "  annotations:"
            yield! [ for key, value in annotations -> $"    kta-functional/{key}: \"{value}\"" ]
        "spec:"
        "  behavior:"
        yield! indented 4 behavior
        "  scaleDriver:"
        yield! indented 4 driver
    ]
    |> String.concat "\n"

let flink (address: Uri) (job: string) (nodes: string list) = [
    "type: Flink"
    $"flinkJobManagerBaseUrl: {address}"
    $"flinkJobId: {job}"
    "flinkTopology:"
    yield! [ for node in nodes -> $"  - id: {node}" ]
]

let deployments (names: string list) = [
    "type: GenericKubernetes"
    "genericKubernetesTopology:"
    yield!
        names
        |> List.collect (fun name -> [ "  - kind: Deployment"; $"    name: {name}" ])
]

let everySecond = [ "reconciliationIntervalSeconds: 1" ]

let endpoints (address: Uri) = [
    "reconciliationIntervalSeconds: 1"
    "udfs:"
    $"  monitorEndpoint: {address}api/v1alpha1/monitor"
    $"  planEndpoint: {address}api/v1alpha1/plan"
]

let write (folder: string) (name: string) (policies: string list) =
    let file = Path.Combine(folder, name)
    // As an editor does it: never half a file.
    File.WriteAllText(file + ".new", String.concat "\n---\n" policies)
    File.Move(file + ".new", file, true)
    file

/// A server of these steps, as long as the work takes.
let withSteps (algorithm: Algorithm) (work: RunningHttpBackend -> Task<unit>) = task {
    let backend =
        HttpBackend(HttpBackendOptions(Host = "127.0.0.1", Port = 0, ShutdownDelay = TimeSpan.Zero))

    backend.Setup algorithm
    use! server = backend.StartAsync CancellationToken.None
    do! work server
}

/// A server whose plan is one more than what runs, whatever is measured.
let counting (work: RunningHttpBackend -> Task<unit>) = task {
    let algorithm =
        Algorithm.Create(
            (fun (_: MonitorContext<JsonObject, JsonObject>) -> JsonObject()),
            (fun (context: PlanContext<JsonObject, JsonObject>) ->
                let last =
                    if context.History.Count = 0 then
                        0
                    else
                        context.History[0].Parallelism.Values |> Seq.max

                Plan.ForEach(context.Topology, fun _ -> last + 1))
        )

    do! withSteps algorithm work
}
