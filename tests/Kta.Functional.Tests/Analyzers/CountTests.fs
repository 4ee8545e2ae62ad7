/// KTA010
module Kta.Functional.Tests.Analyzers.CountTests

open Expecto
open Kta.Functional.Tests.Analyzers.Compiled

let private plan condition = $"Algorithm.CreatePlan<Load>(ctx => Plan.Single({condition} ? 1 : 2));"

let tests =
    testList "KTA010, counting to see whether there is any, is" [
        test "silent without the library" {
            silentWithoutTheLibrary
                "var history = new History(); Console.Write(history.Count == 0); class History { public int Count => 1; }"
        }

        for condition in
            [
                "ctx.History.Count == 3"
                "ctx.History.Count > 1"
                "ctx.History.IsEmpty"
                "ctx.History.Any()"
                "ctx.History.Latest is null"
                "ctx.Topology.Count == 0"
                "ctx.History.Count(entry => entry.Id == \"\") == 0"
            ] do
            test $"silent: {condition}" { silent (plan condition) }

        for condition, instead in
            [
                "ctx.History.Count == 0", "ctx.History.IsEmpty"
                "ctx.History.Count < 1", "ctx.History.IsEmpty"
                "0 == ctx.History.Count", "ctx.History.IsEmpty"
                "ctx.History.Count is 0", "ctx.History.IsEmpty"
                "ctx.History.Count > 0", "!ctx.History.IsEmpty"
                "ctx.History.Count != 0", "!ctx.History.IsEmpty"
                "ctx.History.Count is > 0", "!ctx.History.IsEmpty"
                "0 < ctx.History.Count", "!ctx.History.IsEmpty"
                "ctx.History.Count() >= 1", "!ctx.History.IsEmpty"
            ] do
            test $"seen and fixed: {condition}" {
                plan $"[|{condition}|]"
                |> says [
                    $"KTA010: '{condition}' decodes the whole history to see whether there is any; write '{instead}'"
                ]

                plan condition |> fixedTo (plan instead)
            }
    ]
