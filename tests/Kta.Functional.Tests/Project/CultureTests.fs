/// Text that machines read does not depend on the culture of the process, nor do messages and logs.
module Kta.Functional.Tests.Project.CultureTests

open System
open System.Globalization
open System.IO
open System.Reflection
open System.Text.Json.Nodes
open Expecto
open Microsoft.CodeAnalysis
open Microsoft.CodeAnalysis.CSharp.Syntax
open Microsoft.CodeAnalysis.Operations
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Http
open Kta.Functional.Recording
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Analyzers.Compiled
open Kta.Functional.Tests.Calls

[<Literal>]
let private Variable = "KTA_TEST_CULTURE"

/// The culture this process runs under because a test of another process asks for it.
let asked: string | null = Environment.GetEnvironmentVariable Variable

/// Cultures with a sign of their own: U+2212, and U+061C before a hyphen.
let private signs = [ "sv-SE", "\u2212"; "ar-SA", "\u061c-" ]

/// Messages whose numbers are negative or have fractions.
let messages =
    testList "A message shows the same numbers everywhere" [
        for what, make, shown in
            [
                "a time limit",
                (fun () -> UdfTimeoutException(Step.Plan, TimeSpan.FromSeconds 1.25).Message),
                "time limit of 1.25 s"
                "a plan below 1",
                (fun () -> thrownBy<UdfResultException>(fun () -> Plan.Single -3 |> ignore)),
                "parallelism -3."
                "a number that is no parallelism",
                (fun () -> thrownBy<UdfResultException>(fun () -> Parallelism.Of -2.5e300 |> ignore)),
                "computed as -2.5E+300,"
                "a number that is not whole",
                (fun () ->
                    thrownBy<FormatException>(fun () ->
                        Codec.Json<Kta.Functional.Tests.CSharp.Demand>().Read(ReadOnlySpan """{"instances":7.5}"""B)
                        |> ignore)),
                "from -2147483648 to 2147483647"
                "options of the local operator",
                (fun () ->
                    thrownBy<ArgumentException>(fun () ->
                        LocalOperator.RunAsync(
                            DummyAutoscaler.Create(),
                            Topology.Of orders,
                            1,
                            LocalOperatorOptions(MinParallelism = -1, HistoryLength = -2, Attempts = -3)
                        )
                        |> ignore)),
                "it is -1; HistoryLength has to be at least 1, it is -2; Attempts has to be from 1 to 6, it is -3"
                "options of the recorder",
                (fun () ->
                    thrownBy<ArgumentException>(fun () ->
                        new CallRecorder("never.jsonl", CallRecorderOptions(MaxFiles = -1)) |> ignore)),
                "it is -1"
                "options of the HTTP backend",
                (fun () ->
                    thrownBy<ArgumentException>(fun () ->
                        new HttpBackend(HttpBackendOptions(MaxTopologyNodes = -1, Port = -2)) |> ignore)),
                "it is -2"
                "options of the dummy",
                (fun () -> thrownBy<ArgumentException>(fun () -> DummyOptions.From(-1, [| -2; -3 |]) |> ignore)),
                "got -2 and -3"
            ] do
            test what { Expect.stringContains (make ()) shown "as everywhere" }
    ]

let private program = Assembly.GetExecutingAssembly().Location
let private configurationOf (file: string) : string = Path.ChangeExtension(file, ".runtimeconfig.json") |> nonNull

/// A configuration of the host under which this process could not run: with the cultures of the machine.
let private withCultures () =
    let configuration = JsonNode.Parse(File.ReadAllText(configurationOf program)) |> nonNull
    let properties = (configuration["runtimeOptions"] |> nonNull)["configProperties"] |> nonNull
    properties["System.Globalization.Invariant"] <- false
    let file = configurationOf (Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()))
    File.WriteAllText(file, configuration.ToJsonString())
    file

let private runUnder (culture: string) = task {
    let file = withCultures ()

    try
        use child =
            Processes.startWith [ Variable, culture; "LC_ALL", culture.Replace('-', '_') + ".UTF-8" ] [
                "exec"
                "--runtimeconfig"
                file
                program
                "--colours"
                "0"
            ]

        let errors = child.StandardError.ReadToEndAsync()
        let! output = child.StandardOutput.ReadToEndAsync()
        let! errors = errors
        do! child.WaitForExitAsync()
        return child.ExitCode, output + errors
    finally
        File.Delete file
}

let private children =
    testList "The tests of text run under" [
        for culture, _ in signs do
            testCaseTask culture
            <| fun () -> task {
                let! exitCode, output = runUnder culture

                if output.Contains "valid ICU package" then
                    skiptest "this machine has no ICU (Debian: libicu)"

                Expect.equal exitCode 0 output
            }
    ]

/// What has to be true for the tests of this process to prove anything.
let proof = test "Numbers look different under this culture" {
    let culture = CultureInfo.CurrentCulture.Name
    Expect.isTrue (asked = culture) $"{culture} is the culture that was asked for"
    let sign = signs |> List.find (fun (name, _) -> name = culture) |> snd
    let decimalSign = CultureInfo.CurrentCulture.NumberFormat.NumberDecimalSeparator
    Expect.equal ((-1.5).ToString()) $"{sign}1{decimalSign}5" "the sign"
}

/// Whether text of a value depends on the culture even if it is not negative: it may have a fraction, or it is a date.
let private varies (hole: IOperation) =
    match hole.Type with
    | null -> false
    | kind ->
        match kind.SpecialType with
        | SpecialType.System_Single
        | SpecialType.System_Double
        | SpecialType.System_Decimal
        | SpecialType.System_DateTime -> true
        | _ -> kind.Name = "DateTimeOffset" || kind.TypeKind = TypeKind.TypeParameter

/// Interpolated text whose numbers are formatted by the culture of the process.
let private variable (model: SemanticModel) (text: InterpolatedStringExpressionSyntax) =
    match model.GetOperation text with
    | :? IInterpolatedStringOperation as made when
        (match made.Parent with
         | :? IConversionOperation as conversion -> conversion.Type |> nonNull |> _.Name <> "FormattableString"
         | :? IInterpolatedStringHandlerCreationOperation -> false
         | _ -> true)
        ->
        made.Parts
        |> Seq.exists (function
            | :? IInterpolationOperation as hole -> varies hole.Expression
            | _ -> false)
    | _ -> false

let private sources = test "No source interpolates fractions or dates by the culture of the process" {
    let usings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;\n"
        + "global using System.Threading; global using System.Threading.Tasks;"

    let trees = [
        for file in Repository.files do
            if
                file.StartsWith "src/"
                && file.EndsWith ".cs"
                && not (file.Contains "Analyzers/")
            then
                parse file (Repository.read file)
    ]

    let program = compilation (parse "usings.cs" usings :: trees)

    let found = [
        for tree in trees do
            let model = program.GetSemanticModel(tree, false)

            for node in tree.GetRoot().DescendantNodes() do
                match node with
                | :? InterpolatedStringExpressionSyntax as text when variable model text -> $"{tree.FilePath}: {text}"
                | _ -> ()
    ]

    Expect.equal found [] "wrap them: FormattableString.Invariant($\"…\")"
}

let tests = testList "Cultures" [ messages; children; sources ]
