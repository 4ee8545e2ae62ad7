/// Programs that take the packages from a folder, each in a way that the templates do not cover.
module Kta.Functional.Packages.Tests.ConsumerTests

open System
open System.Diagnostics
open System.IO
open System.Net.Http
open System.Text.RegularExpressions
open Expecto
open Kta.Functional.Tests

let private program (name: string) = Machine.path $"{name}/bin/Debug/net10.0/{name}.dll"

let private built (name: string) =
    Built.output () |> ignore
    program name

/// The tool, installed from its package.
let private tool =
    lazy
        (Built.output () |> ignore

         Machine.succeed "" [
             "tool"
             "install"
             "Kta.Cli"
             "--version"
             Packed.version
             "--tool-path"
             Machine.path "tools"
         ]
         |> ignore

         Machine.path "tools/kta")

let tests =
    testList "The packages are taken by" [
        test "a program that uses all of them, with their natives" {
            let output =
                Machine.succeed "console" [ built "console"; Repository.path "samples/Simulation/payments.yaml" ]

            Expect.isTrue (Regex.IsMatch(output, @"^\d+ iterations, 4 others, Kafka True\s*$")) output
            Expect.isGreaterThan (FileInfo(Machine.path "console/report.html").Length) 1_000_000L "a page with Plotly"
            Expect.isTrue (File.Exists(Machine.path "console/kta.db")) "a store of SQLite"
        }

        testCaseTask "an application of ASP.NET Core"
        <| fun () -> task {
            use started = Machine.start "web" [ built "web" ]

            try
                let! address = Processes.addressOfApplication started
                Processes.readOn started
                use client = new HttpClient(BaseAddress = address)
                do! Commands.decides client
            finally
                if not started.HasExited then
                    started.Kill()
        }

        testCaseTask "a program of one file, and the tool finds nothing wrong with what it serves"
        <| fun () ->
            let kta = tool.Value

            Commands.serving (Machine.start "file" [ "run"; "autoscaler.cs" ]) (fun address -> task {
                let checking = ProcessStartInfo(kta, [ "check"; string address ], RedirectStandardOutput = true)
                use checking = Process.Start checking |> Unchecked.nonNull
                let! said = checking.StandardOutput.ReadToEndAsync()
                do! checking.WaitForExitAsync()
                Expect.equal checking.ExitCode 0 said
                Expect.stringContains said "0 errors" "what the operator would make of it"
            })

        test "a library, and the analyzers that come along find its mistakes" {
            let found = [
                for line in (Built.output ()).Build.Split('\n', StringSplitOptions.RemoveEmptyEntries) do
                    match Regex.Match(line, @"/(library/\w+\.cs)\((\d+),\d+\): warning (KTA\d+)") with
                    | warning when warning.Success -> $"{warning.Groups[3]} at {warning.Groups[1]}:{warning.Groups[2]}"
                    | _ -> ()
            ]

            Expect.equal
                (List.distinct found |> List.sort)
                [
                    "KTA001 at library/Counting.cs:10"
                    "KTA001 at library/Counting.cs:18"
                    "KTA002 at library/Counting.cs:16"
                    "KTA004 at library/Counting.cs:11"
                ]
                "what is no function"
        }
    ]
