/// A simulated application behind Flink's REST API: started for a test, asked over HTTP, its time stepped by hand.
module Kta.Cli.Tests.Flink

open System
open System.Collections.ObjectModel
open System.Net.Http
open System.Text
open System.Text.Json
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Cli
open Kta.Functional
open Kta.Functional.Simulation

let seconds (time: float) = TimeSpan.FromSeconds time

let byNode (values: (string * 'value) list) =
    ReadOnlyDictionary(dict [ for id, value in values -> TopologyNode.Flink id :> TopologyNode, value ])

/// Keyed where there are key groups, two sources, one of them uneven.
let shopWith (noise: float) (cooldown: float) (checkpoints: Checkpoints | null) =
    Application(
        Name = "shop",
        Operators = [|
            StreamOperator("orders", ratePerInstance = 1000.0, Partitions = 6)
            StreamOperator("clicks", ratePerInstance = 2000.0, InstanceWeights = [| 3.0; 1.0 |])
            StreamOperator("join", ratePerInstance = 800.0, Exponent = 0.95, MaxParallelism = 64, Skew = 0.5)
            StreamOperator("sink", ratePerInstance = 1500.0)
        |],
        Edges = [|
            TopologyEdge(TopologyNode.Flink "orders", TopologyNode.Flink "join")
            TopologyEdge(TopologyNode.Flink "clicks", TopologyNode.Flink "join")
            TopologyEdge(TopologyNode.Flink "join", TopologyNode.Flink "sink")
        |],
        Sources =
            byNode [
                "orders", Trace.Cosine(mean = 1500.0, amplitude = 1000.0, period = seconds 600.0)
                "clicks", Trace.Constant 1234.5
            ],
        Noise = noise,
        RescaleCooldown = seconds cooldown,
        Checkpoints = checkpoints
    )

let shop = shopWith 0.0 0.0 null

/// One operator behind one source, as slow as the test wants it.
let chain (name: string) (load: float) =
    Application(
        Name = name,
        Operators = [|
            StreamOperator("source", ratePerInstance = 1000.0)
            StreamOperator("map", ratePerInstance = 500.0)
        |],
        Sources = Application.Reading("source", Trace.Constant load),
        Parallelism = byNode [ "source", 2; "map", 3 ],
        Downtime = seconds 30.0,
        WarmUp = seconds 60.0,
        Interval = seconds 60.0
    )

type Served = {
    Face: FlinkFace
    Client: HttpClient
    Clock: VirtualClock
} with

    member this.Job = $"/jobs/{this.Face.JobId}"
    member this.Pass(time: float) = this.Clock.Advance(seconds time)

    member this.Ask (method: HttpMethod) (path: string) (body: string) = task {
        use request = new HttpRequestMessage(method, path)

        if body <> "" then
            request.Content <- new StringContent(body, Encoding.UTF8, "application/json")

        use! answer = this.Client.SendAsync request
        let! text = answer.Content.ReadAsStringAsync()
        return int answer.StatusCode, JsonNode.Parse text |> Unchecked.nonNull
    }

    member this.Get(path: string) = task {
        let! status, json = this.Ask HttpMethod.Get path ""

        return
            if status = 200 then
                json
            else
                failwith $"{path}: {status} {json}"
    }

    member this.InJob(path: string) = this.Get(this.Job + path)

    member this.Require(bounds: (string * int * int) list) = task {
        let body =
            bounds
            |> List.map (fun (id, lower, upper) ->
                $"""{JsonSerializer.Serialize id}:{{"parallelism":{{"lowerBound":{lower},"upperBound":{upper}}}}}""")
            |> String.concat ","

        return! this.Ask HttpMethod.Put $"{this.Job}/resource-requirements" $"{{{body}}}"
    }

    interface IAsyncDisposable with
        member this.DisposeAsync() =
            this.Client.Dispose()
            (this.Face :> IAsyncDisposable).DisposeAsync()

let start (application: Application) (options: TimeProvider -> FlinkFaceOptions) = task {
    let clock = VirtualClock()
    let! face = FlinkFace.StartAsync(application, options clock)

    return {
        Face = face
        Client = new HttpClient(BaseAddress = face.Address)
        Clock = clock
    }
}

let serving (application: Application) (work: Served -> Task<unit>) = task {
    use! served = start application (fun clock -> FlinkFaceOptions(Clock = clock))
    do! work served
}

/// A member, or an item by its number.
let at (path: obj list) (json: JsonNode) =
    path
    |> List.fold
        (fun (node: JsonNode) step ->
            match step with
            | :? int as index -> node[index] |> Unchecked.nonNull
            | name -> node[string name] |> Unchecked.nonNull)
        json

let text (path: obj list) (json: JsonNode) = (at path json).GetValue<string>()
let whole (path: obj list) (json: JsonNode) = (at path json).GetValue<int64>()
let real (path: obj list) (json: JsonNode) = (at path json).GetValue<float>()
let items (json: JsonNode) = [ for item in json.AsArray() -> Unchecked.nonNull item ]
let names (json: JsonNode) = [ for item in items json -> text [ "id" ] item ]

let aggregate (served: Served) (vertex: string) (metric: string) (mode: string) = task {
    let! json = served.InJob $"/vertices/{vertex}/subtasks/metrics?get={metric}&agg={mode}"
    return real [ 0; mode ] json
}

/// Why it does not start.
let refusal (starting: unit -> Task<FlinkFace>) : Task<string> = task {
    try
        let! face = starting ()
        do! (face :> IAsyncDisposable).DisposeAsync()
        return failwith "It has started."
    with :? CommandFailedException as error ->
        return error.Message
}

let close (actual: float) (expected: float) (what: string) =
    let difference = abs (actual - expected)
    Expect.isTrue (difference <= 1e-12 * max 1.0 (abs expected)) $"{what}: {actual} instead of {expected}"
