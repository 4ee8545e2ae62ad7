/// The tool as a user calls it, but within this process: what it prints, and its exit code.
module Kta.Cli.Tests.Tool

open System
open System.IO
open System.Net
open System.Net.Http
open System.Net.Sockets
open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Kta.Cli
open Kta.Functional.Simulation
open Spectre.Console

type Outcome = {
    Code: int
    Output: string
    Notes: string
}

let private console (writer: TextWriter) =
    let console =
        AnsiConsole.Create(
            AnsiConsoleSettings(
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
                Out = AnsiConsoleOutput writer
            )
        )

    console.Profile.Width <- 200
    console

/// What is printed goes to writers of the caller, who may look at it while it runs.
let runWith
    (output: TextWriter)
    (notes: TextWriter)
    (cancellation: CancellationToken)
    (arguments: string list)
    : Task<int> =
    KtaCommand.InvokeAsync(List.toArray arguments, Terminal(console output, console notes), cancellation)

let runUntil (cancellation: CancellationToken) (arguments: string list) = task {
    use output = new StringWriter()
    use notes = new StringWriter()

    let! code = runWith output notes cancellation arguments

    return {
        Code = code
        Output = string output
        Notes = string notes
    }
}

let run (arguments: string list) = runUntil CancellationToken.None arguments

/// The root of the repository, found from where the tests were built.
let root =
    let rec up (folder: DirectoryInfo | null) =
        match folder with
        | null -> failwith "The tests do not stand in the repository."
        | found when File.Exists(Path.Combine(found.FullName, "Kta.Functional.sln")) -> found.FullName
        | other -> up other.Parent

    up (DirectoryInfo AppContext.BaseDirectory)

let sample (name: string) = Path.Combine(root, "samples", "Simulation", name)

/// A number somewhere in a result.
let number (path: string list) (json: JsonNode) =
    path
    |> List.fold (fun (node: JsonNode) name -> node[name] |> Unchecked.nonNull) json
    |> _.GetValue<float>()

/// A folder of its own for what a test writes.
let inFolder (work: string -> Threading.Tasks.Task<unit>) = task {
    let folder = Directory.CreateTempSubdirectory("kta-").FullName

    try
        do! work folder
    finally
        Directory.Delete(folder, true)
}

let freePort () =
    use listener = new TcpListener(IPAddress.Loopback, 0)
    listener.Start()
    (listener.LocalEndpoint :?> IPEndPoint).Port

/// Waits until something answers there.
let isServing (port: int) (path: string) : Task =
    task {
        use client = new HttpClient()
        let mutable serves = false

        while not serves do
            try
                use! answer = client.GetAsync $"http://127.0.0.1:{port}{path}"
                serves <- answer.IsSuccessStatusCode
            with :? HttpRequestException ->
                do! Task.Delay 50
    }
    |> _.WaitAsync(TimeSpan.FromSeconds 60.0)

/// What the monitor step of `kta serve` answers, with its status.
let servedMonitor (arguments: string list) (body: string) : Threading.Tasks.Task<int * string> = task {
    let port = freePort ()
    use ending = new CancellationTokenSource()

    let running =
        runUntil ending.Token ("serve" :: arguments @ [ "--host"; "127.0.0.1"; "--port"; string port ])

    do! isServing port "/health/ready"
    use client = new HttpClient()
    use content = new StringContent(body, Text.Encoding.UTF8, "application/json")
    use! answer = client.PostAsync($"http://127.0.0.1:{port}/api/v1alpha1/monitor", content)
    let! text = answer.Content.ReadAsStringAsync()
    ending.Cancel()
    let! outcome = running
    return int answer.StatusCode, text + outcome.Notes
}

/// Everything that is wrong with a file that is read.
let problemsIn (read: unit -> 'T) : string list =
    try
        read () |> ignore
        []
    with :? FileProblemException as wrong -> [ for problem in wrong.Problems -> string problem ]
