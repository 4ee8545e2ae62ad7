/// Programs compiled natively, as file-based apps are by default. F# has no analyzer for it: these are the net.
module Kta.Functional.Tests.Project.NativeTests

open System
open System.Diagnostics
open System.IO
open System.Net.Http
open System.Runtime.InteropServices
open System.Text
open System.Text.RegularExpressions
open System.Threading.Tasks
open Expecto
open Kta.Functional.Tests

/// The linker native compilation calls is one of these.
let private compiler =
    let folders =
        Environment.GetEnvironmentVariable "PATH"
        |> Option.ofObj
        |> Option.defaultValue ""

    [ "clang"; "gcc" ]
    |> List.tryFind (fun name ->
        folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        |> Array.exists (fun folder -> File.Exists(Path.Combine(folder, name))))

let private requireCompiler () =
    if not (OperatingSystem.IsLinux()) || compiler.IsNone then
        skiptest "Native compilation needs clang or gcc, and this machine has none: `apt-get install clang zlib1g-dev`."

/// Complaints about this repository's assemblies, and generic types too deep to be compiled, which fail when they are reached.
let private complaints (output: string) =
    output.Split '\n'
    |> Array.filter (fun line ->
        Regex.IsMatch(line, @"warning IL3054|(warning|error) IL\d+: (<StartupCode\$)?Kta[.-]Functional"))
    |> Array.distinct

/// Publishes a program, once a run, and says where it is.
let private publish (name: string) =
    lazy
        (let folder = Repository.path $"artifacts/native/{name}"
         let project = Repository.path $"tests/{name}"

         use started =
             Processes.start [
                 "publish"
                 project
                 "-c"
                 "Release"
                 "-r"
                 RuntimeInformation.RuntimeIdentifier
                 "-o"
                 folder
                 "-v"
                 "quiet"
                 // They are built with the tests, and both programs are published at once.
                 "-p:BuildProjectReferences=false"
             ]

         let errors = started.StandardError.ReadToEndAsync()
         let output = started.StandardOutput.ReadToEnd()
         started.WaitForExit()
         let found = complaints output

         if started.ExitCode <> 0 || found.Length > 0 then
             // Otherwise the next run finds everything compiled, and hears no complaint.
             for objects in
                 Directory.GetDirectories(Path.Combine(project, "obj"), "native", SearchOption.AllDirectories) do
                 Directory.Delete(objects, true)

         Expect.equal started.ExitCode 0 (output + errors.Result)
         Expect.equal (String.concat "\n" found) "" "what native compilation says about our assemblies"
         Path.Combine(folder, name))

let private csharp = publish "Kta.Functional.Tests.NativeCSharp"
let private fsharp = publish "Kta.Functional.Tests.NativeFSharp"

let private send (client: HttpClient) (method: string) (path: string) (body: string) = task {
    use request =
        new HttpRequestMessage(
            HttpMethod method,
            path,
            Content = new StringContent(body, Encoding.UTF8, "application/json")
        )

    use! reply = client.SendAsync request
    let! text = reply.Content.ReadAsStringAsync()
    return int reply.StatusCode, text
}

/// Starts it on a free port, and stops it with SIGTERM.
let private running
    (program: Lazy<string>)
    (environment: (string * string) list)
    (arguments: string list)
    (check: HttpClient -> Task<unit>)
    = task {
    requireCompiler ()

    use started =
        Processes.startProgram program.Value environment (arguments @ [ "--urls"; "http://127.0.0.1:0" ])

    try
        let! address = Processes.addressOf started
        use client = new HttpClient(BaseAddress = address)
        do! check client
        let! exitCode = Processes.terminate started
        Expect.equal exitCode 0 "asked to stop, it stops"
    finally
        if not started.HasExited then
            started.Kill()
}

let private step (client: HttpClient) (name: string) (body: string) = send client "POST" $"/api/v1alpha1/{name}" body

let private plan (parallelism: int) = 200, Calls.planText [ "orders" ] parallelism

let private ofOrders monitorResult analyzeResult = Requests.ofNodes [ "orders" ] monitorResult analyzeResult "[]"

let private csharpTests =
    testList "in C#" [
        testCaseTask "the program of the README with a captured setting decides"
        <| fun () ->
            running csharp [] [ "readme" ] (fun client -> task {
                let! answered = step client "monitor" Requests.first
                Expect.equal answered (200, """{"recordsPerSecond":15000}""") "it began at minute 15"
                let! planned = step client "plan" (ofOrders """{"recordsPerSecond":15000}""" "{}")
                Expect.equal planned (plan 4) "one and one for each 5,000"
                let! status, text = step client "plan" (ofOrders """{"records":1}""" "{}")
                Expect.equal status 422 text
                Expect.stringContains text "recordsPerSecond" "the member that is missing"
            })

        testCaseTask "probes, document, limits and refusals are served"
        <| fun () ->
            running csharp [] [ "readme" ] (fun client -> task {
                for path in [ "/health/live"; "/health/ready"; "/openapi.json"; "/docs" ] do
                    let! status, text = send client "GET" path ""
                    Expect.equal status 200 (path + text)

                let! missing, text = send client "GET" "/nothing" ""
                Expect.equal missing 404 text
                Expect.stringContains text "There is nothing at /nothing" "a message as JSON"
                let! wrongMethod, text = send client "GET" "/api/v1alpha1/plan" ""
                Expect.equal wrongMethod 405 text
                let! tooLarge, text = step client "plan" (String(' ', 20_000))
                Expect.equal tooLarge 413 text
                let! noJson, text = step client "plan" "{"
                Expect.equal noJson 422 text
            })

        testCaseTask "calls are recorded"
        <| fun () -> task {
            let file = Path.Combine(Path.GetTempPath(), $"native-{Guid.NewGuid():N}.jsonl")

            try
                do!
                    running csharp [ "Kta__Record__Path", file ] [ "readme" ] (fun client -> task {
                        let! status, text = step client "monitor" Requests.first
                        Expect.equal status 200 text
                    })

                Expect.stringContains (File.ReadAllText file) "recordsPerSecond" "the answer is in the file"
            finally
                File.Delete file
        }

        testCaseTask "a class with records in collections keeps every member"
        <| fun () ->
            running csharp [] [ "class" ] (fun client -> task {
                let lags =
                    """{"partitions":[{"number":0,"lag":100,"host":"a"},{"number":1,"lag":null,"host":null}],"rates":{"in":1.5},"perNode":{"{\"type\":\"scaleTargetRef\",\"fields\":\"kind=Deployment|name=orders\"}":7},"counts":[1,2],"seenAt":"1970-01-01T00:00:00+00:00","topic_name":"orders","isStale":true}"""

                let! answered = step client "monitor" Requests.first
                Expect.equal answered (200, lags) "monitor"
                let demand = """{"instances":9,"busiest":[{"number":0,"lag":100,"host":"a"}],"hosts":["a","b"]}"""
                let! analyzed = step client "analyze" (ofOrders lags "{}")
                Expect.equal analyzed (200, demand) "analyze"
                let! planned = step client "plan" (ofOrders lags demand)
                Expect.equal planned (plan 12) "plan"
            })

        testCaseTask "a source-generated codec writes what reflection cannot"
        <| fun () ->
            running csharp [] [ "generated" ] (fun client -> task {
                let! answered = step client "monitor" Requests.first
                Expect.equal answered (200, """{"recordsPerSecond":12.5,"trend":1}""") "monitor"
                let! planned = step client "plan" (ofOrders """{"recordsPerSecond":12.5,"trend":1}""" "{}")
                Expect.equal planned (plan 2) "plan"
            })

        testCaseTask "untyped results, and an analyze that has nothing to say"
        <| fun () ->
            running csharp [] [ "untyped" ] (fun client -> task {
                let! answered = step client "monitor" Requests.first
                Expect.equal answered (200, """{"lag":2500}""") "monitor"
                let! analyzed = step client "analyze" (ofOrders """{"lag":2500}""" "{}")
                Expect.equal analyzed (200, "{}") "analyze"
                let! planned = step client "plan" (ofOrders """{"lag":2500}""" "{}")
                Expect.equal planned (plan 3) "plan"
            })

        testCaseTask "the client of Kafka works"
        <| fun () ->
            running csharp [] [ "kafka" ] (fun client -> task {
                let! status, text = step client "monitor" Requests.first
                Expect.equal status 500 text

                Expect.stringContains
                    text
                    "Kafka at 127.0.0.1:1: the partitions of topic orders were not answered: "
                    "it has asked"
            })

        testCaseTask "what it has no code for is refused before it serves, with what to do"
        <| fun () -> task {
            requireCompiler ()
            use started = Processes.startProgram csharp.Value [] [ "unreadable" ]
            let! errors = started.StandardError.ReadToEndAsync()
            do! started.WaitForExitAsync()
            Expect.notEqual started.ExitCode 0 "it does not serve"

            Expect.stringContains
                errors
                "no code that writes and reads Trend by reflection (Forecast.Trend)"
                "which member"

            Expect.stringContains errors "Codec.Json<MyResult>(MyContext.Default)" "what to do"
        }
    ]

let private fsharpTests =
    testList "in F#" [
        testCaseTask "an expression with records decides"
        <| fun () ->
            running fsharp [] [] (fun client -> task {
                let load =
                    """{"recordsPerSecond":12000,"partitions":[{"number":0,"host":"a"},{"number":1,"host":null}],"lag":5}"""

                let! answered = step client "monitor" Requests.first
                Expect.equal answered (200, load) "monitor"
                let! analyzed = step client "analyze" (ofOrders load "{}")
                Expect.equal analyzed (200, """{"instances":3}""") "analyze"
                let! nothing = step client "analyze" (ofOrders (load.Replace("12000", "0")) "{}")
                Expect.equal nothing (200, "{}") "None is nothing to say"
                let! planned = step client "plan" (ofOrders load """{"instances":3}""")
                Expect.equal planned (plan 3) "plan"
                let! without = step client "plan" (ofOrders load "{}")
                Expect.equal without (plan 1) "plan without analyze"
                let! ready, text = send client "GET" "/health/ready" ""
                Expect.equal ready 200 text
            })
    ]

let tests = testList "Native programs" [ testSequencedGroup "native C#" csharpTests; fsharpTests ]
