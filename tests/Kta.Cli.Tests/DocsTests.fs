/// Every command of the documentation does what it says.
module Kta.Cli.Tests.DocsTests

open System
open System.IO
open System.Net.Http
open System.Text.RegularExpressions
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional.Operator
open Kta.Cli.Tests.Tool

let private pages =
    Path.Combine(root, "README.md")
    :: Path.Combine(root, "src/Kta.Cli/README.md")
    :: List.ofArray (Directory.GetFiles(Path.Combine(root, "docs"), "*.md", SearchOption.AllDirectories))

let private commands (page: string) = [
    for block in
        Regex.Matches(
            File.ReadAllText page,
            @"^```sh\r?\n(.*?)^```",
            RegexOptions.Multiline ||| RegexOptions.Singleline
        ) do
        for line in block.Groups[1].Value.Split '\n' do
            if line.StartsWith "kta " || line.StartsWith "curl " then
                line.Trim()
]

/// The ports of the documentation, and those of a test.
let private elsewhere (ports: (string * int) list) (text: string) =
    ports
    |> List.fold (fun (text: string) (shown, port) -> text.Replace(shown, string port)) text

/// Files stand in a folder of the test, samples are copied there, and servers listen where nothing else does.
let private arguments (folder: string) (ports: (string * int) list) (command: string) =
    command.Split([| ' ' |], StringSplitOptions.RemoveEmptyEntries)
    |> Array.skip 1
    |> Array.map (fun word ->
        let word = elsewhere ports word

        match Regex.Match(word, @"^(prometheus:)?((?:[\w-]+/)?[\w-]+\.(yaml|jsonl|html|json|csv|db)(#\d+)?)$") with
        | file when file.Success -> file.Groups[1].Value + Path.Combine(folder, file.Groups[2].Value)
        | _ when word.EndsWith '/' && not (word.Contains ':') -> Path.Combine(folder, word)
        | _ -> word)
    |> List.ofArray

/// The curl of the documentation: an address, a method, and what is sent.
let private curl (ports: (string * int) list) (command: string) = task {
    let words = [ for word in Regex.Matches(elsewhere ports command, @"'([^']*)'|(\S+)") -> word.Value.Trim '\'' ]

    let after (option: string) (otherwise: string) =
        match List.tryFindIndex ((=) option) words with
        | Some at -> words[at + 1]
        | None -> otherwise

    use client = new HttpClient()

    use request =
        new HttpRequestMessage(
            HttpMethod(after "-X" "GET"),
            List.find (fun (word: string) -> word.StartsWith "http") words
        )

    request.Content <- new StringContent(after "-d" "")
    use! answer = client.SendAsync request
    let! text = answer.Content.ReadAsStringAsync()
    Expect.isTrue answer.IsSuccessStatusCode $"{command}: {text}"
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

/// Waits until something is stored that was decided.
let private hasDecided (store: string) : Task =
    task {
        let mutable decides = false

        while not decides do
            try
                use reading = KnowledgeStore.OpenForReading store
                decides <- reading.Policies |> Seq.exists (fun policy -> reading.Read(policy).Count > 0)
            with :? KnowledgeStoreException ->
                ()

            if not decides then
                do! Task.Delay 50
    }
    |> _.WaitAsync(TimeSpan.FromSeconds 60.0)

/// What the commands print.
let private execute (folder: string) (commands: string list) = task {
    let outputs = ResizeArray<string>()
    use ending = new CancellationTokenSource()
    let ports = [ "8096", freePort (); "8081", freePort (); "9090", freePort () ]
    let servers = ResizeArray<Task<Outcome>>()

    for command in commands do
        match arguments folder ports command with
        | "serve" :: rest ->
            servers.Add(runUntil ending.Token ("serve" :: rest @ [ "--host"; "127.0.0.1" ]))
            do! isServing (snd ports[0]) "/health/ready"
        | "flink" :: rest ->
            servers.Add(runUntil ending.Token ("flink" :: rest))
            do! isServing (snd ports[1]) "/overview"
        | "run" :: rest ->
            servers.Add(runUntil ending.Token ("run" :: rest))
            do! hasDecided (Path.Combine(folder, "kta.db"))
        | _ when command.StartsWith "curl " -> do! curl ports command
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
                        for samples in [ "Simulation"; "Comparison"; "Monitors" ] do
                            for file in Directory.GetFiles(Path.Combine(root, "samples", samples), "*.yaml") do
                                File.Copy(file, Path.Combine(folder, FileInfo(file).Name))

                        // What kta run would have left.
                        if not (found |> List.exists _.StartsWith("kta run")) then
                            LiveRuns.Stores.eventful (Path.Combine(folder, "kta.db"))

                        let! outputs = execute folder found

                        for line in printed page do
                            Expect.isTrue (outputs.Contains line) $"printed: {line}"
                    })
              }
    ]
