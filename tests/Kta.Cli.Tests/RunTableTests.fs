/// kta run in a terminal in which somebody watches.
module Kta.Cli.Tests.RunTableTests

open System
open System.IO
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Cli
open Kta.Cli.Tests.Runs
open Spectre.Console.Testing

let private watched () : TestConsole =
    let console = new TestConsole()
    console.Profile.Width <- 160
    console.SupportsAnsi(true).Interactive()

let tests =
    testList "The table of kta run" [
        testTask "shows each policy with what it decided, what failed, and the last words" {
            do!
                counting (fun server ->
                    Tool.inFolder (fun folder -> task {
                        let nobody = Uri $"http://127.0.0.1:{Tool.freePort ()}/"

                        let file =
                            write folder "two.yaml" [
                                policy "dead" [] (endpoints nobody) (deployments [ "dead" ])
                                policy "alive" [] (endpoints server.BaseAddress) (deployments [ "alive" ])
                            ]

                        let results, notes = watched (), watched ()
                        use ending = new CancellationTokenSource()

                        let running =
                            KtaCommand.InvokeAsync(
                                [| "run"; file; "--dry-run"; "--store"; Path.Combine(folder, "kta.db") |],
                                Terminal(results, notes),
                                ending.Token
                            )

                        let expected = [
                            "default/alive"
                            "Deployment/alive 2"
                            "default/dead"
                            "failed 1 times"
                            "monitor failed"
                            string nobody
                        ]

                        let isThere (text: string) = notes.Output.Contains text
                        let patience = DateTime.UtcNow.AddSeconds 60.0

                        while not (List.forall isThere expected) && DateTime.UtcNow < patience do
                            do! Task.Delay 50

                        ending.Cancel()
                        let! code = running
                        Expect.equal code 0 "stopped"

                        for text in expected do
                            Expect.stringContains notes.Output text "in the table"

                        Expect.equal results.Output "" "no lines for programs beside it"
                    }))
        }
    ]
