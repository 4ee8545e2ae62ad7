module Kta.Cli.Tests.Main

open Expecto

[<EntryPoint>]
let main args = testList "Kta.Cli" [] |> runTestsWithCLIArgs [] args
