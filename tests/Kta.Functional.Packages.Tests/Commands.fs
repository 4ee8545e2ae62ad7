/// Executes the commands that READMEs name, in the folder that a template has made.
module Kta.Functional.Packages.Tests.Commands

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.Net.Http
open System.Text
open System.Text.RegularExpressions
open System.Threading.Tasks
open Expecto
open Kta.Functional.Tests

let private post (client: HttpClient) (step: string) (body: string) = task {
    use content = new StringContent(body, Encoding.UTF8, "application/json")
    use! reply = client.PostAsync($"/api/v1alpha1/{step}", content)
    let! text = reply.Content.ReadAsStringAsync()
    Expect.equal (int reply.StatusCode) 200 $"{step}: {text}"
    return text
}

/// Each step gets what the one before has answered, and plan decides.
let decides (client: HttpClient) = task {
    let! load = post client "monitor" Requests.first
    let! demand = post client "analyze" (Requests.ofNodes [ "orders" ] load "{}" "[]")
    let! plan = post client "plan" (Requests.ofNodes [ "orders" ] load demand "[]")
    let number (pattern: string) (text: string) = float (Regex.Match(text, pattern).Groups[1].Value)
    let needed = number @"""instances"":([\d.]+)" demand
    Expect.equal (number @"""parallelism"":(\d+)" plan) (ceil needed) $"{load} {demand} {plan}"
}

/// Waits for its address, and stops it whatever happens.
let serving (started: Process) (check: Uri -> Task<unit>) = task {
    use started = started

    try
        let! address = Processes.addressOf started
        Processes.readOn started
        do! check address
    finally
        if not started.HasExited then
            started.Kill(entireProcessTree = true)
}

let private served (folder: string) (arguments: string list) =
    serving (Machine.start folder arguments) (fun address -> task {
        use client = new HttpClient(BaseAddress = address)

        let container =
            Manifests.container (Manifests.read (Machine.path $"{folder}/kubernetes/autoscaler.yaml"))

        for probe in [ container.ReadinessProbe; container.LivenessProbe ] do
            use! reply = client.GetAsync probe.HttpGet.Path
            Expect.equal (int reply.StatusCode) 200 $"the probe {probe.HttpGet.Path}"

        do! decides client
    })

/// What was built by now is not built again.
let private built (verb: string) (rest: string list) = verb :: "--no-build" :: rest

let private showsADay (output: string) =
    Expect.isTrue (Regex.IsMatch(output, @"^ +6  \d\d:00:00 +\d+ [+-] ", RegexOptions.Multiline)) output

let private execute (folder: string) (command: string) = task {
    match List.ofArray (command.Split ' ') with
    | "dotnet" :: "run" :: ([ "--project"; "src"; "--"; "try" ] as rest) ->
        showsADay (Machine.succeed folder (built "run" rest))
    | "dotnet" :: "run" :: ([ "--project"; "tests" ] as rest) ->
        Expect.stringContains (Machine.succeed folder (built "run" rest)) "3 passed, 0 ignored" "its tests"
    | [ "dotnet"; "test" ] ->
        let output = Machine.succeed folder (built "test" [])
        Expect.isTrue (Regex.IsMatch(output, "succeeded: [23]")) output
    | "dotnet" :: "run" :: ([ "--project"; "src" ] as rest) -> do! served folder (built "run" rest)
    | [ "dotnet"; "fsi"; "tests.fsx" as tests ] -> showsADay (Machine.succeed folder [ "fsi"; tests ])
    | [ "dotnet"; "fsi"; "serve.fsx" as serve ] -> do! served folder [ "fsi"; serve ]
    // Its base image would come from a registry: what is made of it is compared.
    | "dotnet" :: "publish" :: rest when List.last rest = "-t:PublishContainer" ->
        let project = if rest.Length = 2 then rest.Head else "."
        let manifest = Manifests.read (Machine.path $"{folder}/kubernetes/autoscaler.yaml")
        Manifests.check (folder.ToLowerInvariant()) (Manifests.image folder project) manifest
        // Which runs the same scripts compiled.
        if project = "." then
            do! served folder (built "run" [])
    | [ "kubectl"; "apply"; "-f"; file ] -> Manifests.read (Machine.path $"{folder}/{file}") |> ignore
    | _ -> failtest $"nobody executes: {command}"
}

let private executed = ConcurrentDictionary<string * string, Lazy<Task<unit>>>()

/// Does what a command of a README says, once for all who show it.
let once (folder: string) (command: string) =
    executed.GetOrAdd((folder, command), fun _ -> lazy (execute folder command)).Value

/// Does what a page shows line by line. What it makes from a template is the folder that is made from it anyway.
let executeAll (lines: string list) = task {
    let mutable made, folder = "", ""

    for line in lines |> List.collect (fun line -> List.ofArray (line.Split " && ")) do
        match List.ofArray (line.Split ' ') with
        // Who has done this, or something that comes to the same: Packed, Machine.useFeed, Built.
        | [ "dotnet"; "fsi"; "build.fsx"; "pack" ]
        | "dotnet" :: "nuget" :: "add" :: "source" :: _
        | "dotnet" :: "new" :: "install" :: _ -> ()
        | [ "dotnet"; "new"; template; "-o"; place ] ->
            made <- place
            folder <- Built.folderOf template
        | [ "cd"; place ] -> Expect.equal place made line
        | _ -> do! once folder (line.Replace($"{made}/", ""))
}
