/// Every command of the documentation does what it says.
module Kta.Cli.Tests.DocsTests

open System
open System.IO
open System.Net
open System.Net.Http
open System.Net.Sockets
open System.Text.RegularExpressions
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Cli.Tests.Tool

let private pages =
    Path.Combine(root, "README.md")
    :: List.ofArray (Directory.GetFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories))

let private commands (page: string) = [
    for block in
        Regex.Matches(
            File.ReadAllText page,
            @"^```sh\r?\n(.*?)^```",
            RegexOptions.Multiline ||| RegexOptions.Singleline
        ) do
        for line in block.Groups[1].Value.Split '\n' do
            if line.StartsWith "kta " then
                line.Trim()
]

let private freePort () =
    use listener = new TcpListener(IPAddress.Loopback, 0)
    listener.Start()
    (listener.LocalEndpoint :?> IPEndPoint).Port

/// Files stand in a folder of the test, samples are copied there, and a server listens where nothing else does.
let private arguments (folder: string) (port: int) (command: string) =
    command.Split([| ' ' |], StringSplitOptions.RemoveEmptyEntries)
    |> Array.skip 1
    |> Array.map (fun word ->
        let word = word.Replace("8096", string port)

        if Regex.IsMatch(word, @"^[\w-]+\.(yaml|jsonl|html|json|csv)(#\d+)?$") then
            Path.Combine(folder, word)
        else
            word)
    |> List.ofArray

let private isServing (port: int) = task {
    use client = new HttpClient()
    let mutable serves = false

    while not serves do
        try
            use! answer = client.GetAsync $"http://127.0.0.1:{port}/health/ready"
            serves <- answer.IsSuccessStatusCode
        with :? HttpRequestException ->
            do! Task.Delay 50
}

/// The lines of what a page says a command prints.
let private printed (page: string) = [
    for block in
        Regex.Matches(
            File.ReadAllText page,
            @"^<!-- output -->\r?\n```text\r?\n(.*?)^```",
            RegexOptions.Multiline ||| RegexOptions.Singleline
        ) do
        for line in block.Groups[1].Value.Split '\n' do
            if line.Trim() <> "" then
                line.TrimEnd()
]

/// What the commands print.
let private execute (folder: string) (commands: string list) = task {
    let outputs = ResizeArray<string>()
    use ending = new CancellationTokenSource()
    let port = freePort ()
    let servers = ResizeArray<Task<Outcome>>()

    for command in commands do
        match arguments folder port command with
        | "serve" :: rest ->
            servers.Add(runUntil ending.Token ("serve" :: rest @ [ "--host"; "127.0.0.1" ]))
            do! (isServing port).WaitAsync(TimeSpan.FromSeconds 60.0)
        | words ->
            let words, target =
                match List.tryFindIndex ((=) ">") words with
                | Some at -> List.take at words, Some words[at + 1]
                | None -> words, None

            let! outcome = run words
            Expect.equal outcome.Code 0 $"{command}: {outcome.Notes}"
            target |> Option.iter (fun file -> File.WriteAllText(file, outcome.Output))
            outputs.AddRange(outcome.Output.Split '\n')

    ending.Cancel()
    let! _ = Task.WhenAll servers
    return set [ for line in outputs -> line.TrimEnd() ]
}

let tests =
    testSequenced
    <| testList "The commands of the documentation" [
        for page in pages do
            match commands page with
            | [] -> ()
            | found -> testTask (Path.GetRelativePath(root, page)) {
                do!
                    inFolder (fun folder -> task {
                        for samples in [ "Simulation"; "Comparison" ] do
                            for file in Directory.GetFiles(Path.Combine(root, "samples", samples), "*.yaml") do
                                File.Copy(file, Path.Combine(folder, FileInfo(file).Name))

                        let! outputs = execute folder found

                        for line in printed page do
                            Expect.isTrue (outputs.Contains line) $"printed: {line}"
                    })
              }
    ]
