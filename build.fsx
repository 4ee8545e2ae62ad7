// Builds, tests and packs Kta.Functional: `dotnet fsi build.fsx <target> [options]`.
// Uses the SDK alone, so that it runs before anything is restored.

open System
open System.Diagnostics
open System.IO
open System.Text.RegularExpressions

let root = __SOURCE_DIRECTORY__
let packages = "artifacts/packages"
let coverage = "artifacts/coverage"
let feedVariable = "NUGET_FEED"

let startInfo (command: string) (arguments: string list) =
    let info = ProcessStartInfo(command, arguments, WorkingDirectory = root, UseShellExecute = false)
    info.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] <- "1"
    info.Environment["DOTNET_NOLOGO"] <- "1"
    // Build servers that outlive the build keep its output open, and whoever waits for it waiting.
    info.Environment["MSBUILDDISABLENODEREUSE"] <- "1"
    info

/// Beside others: its exit code, and what it prints.
let inBackground command arguments = task {
    let info = startInfo command arguments
    info.RedirectStandardOutput <- true
    use child = Process.Start info
    let! output = child.StandardOutput.ReadToEndAsync()
    do! child.WaitForExitAsync()
    return child.ExitCode, output
}

/// The first package source this machine is configured with: lines look like `E <address>`.
let configuredFeed () =
    let _, output = (inBackground "dotnet" [ "nuget"; "list"; "source"; "--format"; "short" ]).Result

    output.Split('\n', StringSplitOptions.TrimEntries)
    |> Array.tryFind (fun line -> line.StartsWith "E ")
    |> Option.map (fun line -> line.Substring(2).Trim())

/// Paket reads its only source from NUGET_FEED; children inherit it from here.
let ensureFeed () =
    if String.IsNullOrEmpty(Environment.GetEnvironmentVariable feedVariable) then
        match configuredFeed () with
        | Some feed -> Environment.SetEnvironmentVariable(feedVariable, feed)
        | None ->
            failwith $"No package source is enabled: add one with `dotnet nuget add source`, or set {feedVariable}."

let tryRun command arguments =
    let quoted (one: string) = if one.Contains ' ' then $"\"{one}\"" else one
    printfn "> %s" (String.Join(' ', command :: List.map quoted arguments))
    use child = Process.Start(startInfo command arguments)
    child.WaitForExit()
    child.ExitCode

exception CommandFailed of exitCode: int

let run command arguments =
    match tryRun command arguments with
    | 0 -> ()
    | exitCode -> raise (CommandFailed exitCode)

let dotnet = run "dotnet"

let words (text: string) = List.ofArray (text.Split ' ')

let solution = "Kta.Functional.sln"
let tool = "src/Kta.Cli"
let tests = "tests/Kta.Functional.Tests"
let toolTests = "tests/Kta.Cli.Tests"
let otherTests = [ toolTests; "tests/Kta.Functional.Operator.Tests"; "tests/Kta.Functional.Packages.Tests" ]
let benchmarks = "tests/Kta.Functional.Benchmarks"
let endurance = "tests/Kta.Functional.Soak"

/// Whoever has built everything just now, as CI has, need not wait for it again with each target.
let isBuilt = Environment.GetEnvironmentVariable "KTA_BUILT" = "1"

let restore () =
    ensureFeed ()

    if not isBuilt then
        dotnet [ "tool"; "restore" ]
        dotnet [ "paket"; "restore" ]

let compile project =
    if not isBuilt then
        dotnet [ "build"; project; "-c"; "Release"; "-m"; "-v"; "quiet" ]

/// Where the build of a project put its program.
let program project = $"{project}/bin/Release/net10.0/{Path.GetFileName(project: string)}.dll"

/// A day of a simulated application, decided over HTTP in a second or two.
let aDay =
    words "simulate samples/Simulation/day.yaml --algorithm break-even --history 120 --http --report artifacts/day.html"

let runTool (arguments: string list) =
    restore ()
    compile tool
    Directory.CreateDirectory(Path.Combine(root, "artifacts")) |> ignore

    let given = if arguments.IsEmpty then aDay else arguments
    tryRun "dotnet" ($"{tool}/bin/Release/net10.0/kta.dll" :: given)

let build () =
    restore ()
    compile solution
    0

let test arguments =
    // The samples too: tests run them as the documentation says.
    build () |> ignore
    // All, even if one fails: whoever reads the log wants to know of each. At once, for much of their time is waiting.
    let beside project = inBackground "dotnet" (program project :: arguments)
    let others = otherTests |> List.map beside
    let first = tryRun "dotnet" (program tests :: arguments)
    others |> List.iter (fun other -> printf "%s" (snd other.Result))
    List.max (first :: [ for other in others -> fst other.Result ])

let pack () =
    restore ()
    let how = $"-c Release -m -v quiet -p:NoBuild={isBuilt} -p:BillOfMaterials=true"
    dotnet (words $"pack src/packages.slnf -o {packages} {how}")

    for package in Directory.GetFiles(Path.Combine(root, packages), "*.nupkg") do
        printfn "%s" (Path.GetRelativePath(root, package))

    0

/// `paket install` writes the address of the feed into the lock file; the variable goes back in its place.
let lock (arguments: string list) =
    ensureFeed ()
    dotnet [ "tool"; "restore" ]

    let result = tryRun "dotnet" ("paket" :: (if arguments.IsEmpty then [ "install" ] else arguments))
    let file = Path.Combine(root, "paket.lock")

    File.WriteAllText(file, Regex.Replace(File.ReadAllText file, "remote: .*", $"remote: %%{feedVariable}%%"))
    result

let format arguments =
    // C# is looked at beside what the F# of the same configuration was compiled to.
    build () |> ignore
    Environment.SetEnvironmentVariable("Configuration", "Release")
    let check = List.contains "--check" arguments
    let fsharp = [ "src"; "tests"; "samples"; "build.fsx" ]

    let formatted = tryRun "dotnet" ("fantomas" :: (if check then "--check" :: fsharp else fsharp))

    // Recording the public API is a decision, and a target of its own.
    let csharp = [ "format"; solution; "--no-restore"; "--exclude-diagnostics"; "RS0016"; "RS0017" ]
    max formatted (tryRun "dotnet" (if check then csharp @ [ "--verify-no-changes" ] else csharp))

/// Starts each PublicAPI.Unshipped.txt afresh and lets the analyzer fill it in: it adds lines, but never removes any.
/// Project by project, since a fix over the whole solution changes the file of one project only.
let api (names: string list) =
    restore ()

    for project in Directory.GetFiles(Path.Combine(root, "src"), "*.csproj", SearchOption.AllDirectories) do
        let file = Path.Combine(Path.GetDirectoryName project, "PublicAPI.Unshipped.txt")
        let isNamed = List.contains (Path.GetFileNameWithoutExtension project) names

        if File.Exists file && (names.IsEmpty || isNamed) then
            compile project
            File.WriteAllText(file, "#nullable enable\n")
            dotnet [ "format"; "analyzers"; project; "--no-restore"; "--diagnostics"; "RS0016"; "--severity"; "warn" ]

    // F# has no such analyzer: there a test compares with a listing, and writes it when it is told to.
    Environment.SetEnvironmentVariable("KTA_RECORD_API", "1")

    [ tests; toolTests ]
    |> List.map (fun project ->
        compile project
        tryRun "dotnet" [ program project; "--filter-test-list"; "The recorded public surface is the real one" ])
    |> List.max

let bench (arguments: string list) =
    restore ()
    compile benchmarks
    let chosen = if arguments.IsEmpty then [ "all" ] else arguments

    // The quickstart as it goes into an image: start and memory are measured on it.
    if chosen.Head = "all" || chosen.Head = "start" then
        for kind, options in [ "managed", "--self-contained false"; "native", "-p:Native=true" ] do
            let place = $"samples/Quickstart -o artifacts/bench/{kind}"
            dotnet (words $"publish {place} -c Release --use-current-runtime -v quiet {options}")

    tryRun "dotnet" (program benchmarks :: chosen)

let soak arguments =
    restore ()
    compile endurance
    tryRun "dotnet" (program endurance :: arguments)

let coverageReport (arguments: string list) =
    restore ()
    compile tests
    let report = Path.Combine(root, coverage)
    // Only what this run has covered.
    Directory.CreateDirectory(report).Delete true

    Environment.SetEnvironmentVariable("StartArguments", String.Join(' ', [ for one in arguments -> $"\"{one}\"" ]))

    // coverlet works on `dotnet test`; for a console program its two halves go around the SDK's own Run.
    let result =
        [ "msbuild"; tests; $"-p:CoverletOutput={report}/" ]
        @ words "-t:InstrumentModules;Run;GenerateCoverageResult -p:Configuration=Release -p:RunDependsOn="
        @ words "-p:Exclude=[Kta.Functional.Tests*]* -p:CoverletOutputFormat=cobertura -v:minimal -nologo"
        |> tryRun "dotnet"

    if result = 0 then
        $"-reports:{coverage}/coverage.cobertura.xml -targetdir:{coverage} -reporttypes:TextSummary;Html -verbosity:Warning"
        |> fun options -> dotnet ("reportgenerator" :: words options)

        printfn "Line and branch coverage per class: %s/Summary.txt and %s/index.html" coverage coverage

    result

let targets: (string * string * (string list -> int)) list = [
    "run", "build the tool kta, and simulate a day with it (arguments go to it instead)", runTool
    "test", "build and run all tests (further arguments go to Expecto)", test
    "build", "build the whole solution", (fun _ -> build ())
    "pack", $"put the packages into {packages}", (fun _ -> pack ())
    "lock", "resolve paket.dependencies into paket.lock ('lock update' takes newer versions)", lock
    "format", "format all code ('format --check' only verifies)", format
    "coverage", $"run tests under coverage, report into {coverage} (arguments go to Expecto)", coverageReport
    "bench", "print ratios measured side by side in one run", bench
    "soak", "100,000 iterations among faults, and a million damaged requests", soak
    "api", "record the public API in PublicAPI*.txt (of all C# projects or the named ones, and of F#)", api
]

let help () =
    printfn "usage: dotnet fsi build.fsx <target> [options]\n"

    targets
    |> List.iter (fun (name, description, _) -> printfn "  %-10s%s" name description)

    printfn "  %-10sshow this text" "help"

let main arguments =
    match arguments with
    | []
    | ("help" | "--help" | "-h") :: _ ->
        help ()
        0
    | target :: rest ->
        match targets |> List.tryFind (fun (name, _, _) -> name = target) with
        | Some(_, _, execute) ->
            try
                execute rest
            with
            | CommandFailed exitCode -> exitCode
            | Failure message ->
                eprintfn "%s" message
                1
        | None ->
            eprintfn "Unknown target '%s'.\n" target
            help ()
            2

// Under fsi the program's own arguments follow the name of the script.
exit (main (fsi.CommandLineArgs |> Array.toList |> List.tail))
