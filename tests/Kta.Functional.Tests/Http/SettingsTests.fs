module Kta.Functional.Tests.Http.SettingsTests

open System
open System.IO
open System.Reflection
open Expecto
open Kta.Functional
open Kta.Functional.Http
open Kta.Functional.Tests
open Kta.Functional.Tests.Http.GatedStep
open Kta.Functional.Tests.Plain
open Kta.Functional.Tests.Server

let private told (settings: (string * string) list) (options: HttpBackendOptions) =
    options.Args <- [|
        for name, value in settings do
            $"--Kta:{name}"
            value
    |]

let private serveTold settings check = serveWith (told settings) plain check

/// Nothing is set by the program, as in most.
let private toldAll settings (options: HttpBackendOptions) =
    told settings options
    options.Host <- null
    options.Port <- Nullable()

let private refusalOf (settings: (string * string) list) =
    Calls.thrownBy<ArgumentException>(fun () ->
        (Server.startWith (toldAll settings) plain).GetAwaiter().GetResult() |> ignore)

let private linesOf (server: RunningServer) (event: string) = [
    for line in server.Log.Lines do
        if line.Id.Name = event then
            line.Text
]

/// Options that are values. The others are objects that only a program can make.
let private values = [
    for option in typeof<HttpBackendOptions>.GetProperties(BindingFlags.Public ||| BindingFlags.Instance) do
        let kind =
            match Nullable.GetUnderlyingType option.PropertyType with
            | null -> option.PropertyType
            | inner -> inner

        if option.CanWrite && (kind.IsValueType || kind = typeof<string>) then
            option.Name, kind
]

let private each =
    testList "Each option has a setting of its name" [
        test "there are options of every kind" {
            for kind in [ typeof<TimeSpan>; typeof<int>; typeof<int64>; typeof<string> ] do
                Expect.isTrue (values |> List.exists (fun (_, one) -> one = kind)) $"{kind}"
        }

        for name, kind in values do
            if kind <> typeof<string> then
                test $"{name}: a value that makes no sense is refused by name" {
                    let allowed =
                        if kind = typeof<TimeSpan> then
                            "a time with its unit, such as 4.5s, 200ms, 1h or 00:00:04.5"
                        elif kind = typeof<int64> then
                            "a number of bytes, such as 1048576, 512Mi or 1.5GiB"
                        elif kind = typeof<bool> then
                            "true or false"
                        elif kind.IsEnum then
                            "one of " + String.Join(", ", Enum.GetNames kind)
                        else
                            "a whole number"

                    let message = refusalOf [ name, "some" ]
                    Expect.stringStarts message $"The setting Kta:{name} has to be {allowed}" "what is allowed"
                    Expect.stringEnds message "; it is 'some'." "what is there"
                }

        testCaseTask "none of them is taken for a misspelt one"
        <| fun () -> task {
            let sensible name (kind: Type) =
                match name with
                | "Host" -> "127.0.0.1"
                | "Prefix" -> "/p"
                | "HealthPath" -> "/h"
                | "Port" -> "0"
                | _ when kind = typeof<TimeSpan> -> "1s"
                | _ when kind = typeof<bool> -> "true"
                | _ when kind.IsEnum -> (Enum.GetNames kind)[0]
                | _ -> "1000"

            let calls = Path.Combine(Directory.CreateTempSubdirectory("kta-settings-").FullName, "calls.jsonl")

            let all = [
                for name, kind in values do
                    name, (if name = "RecordPath" then calls else sensible name kind)
            ]

            do!
                serveWith (toldAll all) plain (fun server -> task {
                    Expect.isEmpty (linesOf server "UnknownSetting") "known"
                    Expect.isEmpty (linesOf server "OverruledSetting") "and taken"
                    Expect.equal server.Backend.BaseAddress.Host "127.0.0.1" "Host"
                    let! reply = server.Post("/p/monitor", Requests.first)
                    Expect.equal reply.Status 200 "Prefix"
                })

            Expect.isTrue (File.Exists calls) "RecordPath"
        }
    ]

let private effects =
    testList "A setting has the effect of its option" [
        testCaseTask "StepTimeLimit"
        <| fun () -> task {
            let gate, algorithm = gated ()

            do!
                serveWith (told [ "StepTimeLimit", "100ms" ]) algorithm (fun server -> task {
                    let! reply = server.Call("monitor", Requests.first)
                    Expect.stringContains reply.Message "time limit of 0.1 s" "as configured"
                    gate.Open.SetResult()
                })
        }

        testCaseTask "MaxRequestBodySize, MaxTopologyNodes"
        <| fun () -> task {
            do!
                serveTold [ "MaxRequestBodySize", "1Ki"; "MaxTopologyNodes", "1" ] (fun server -> task {
                    let! large = server.Call("monitor", Requests.first + String(' ', 1024))
                    Expect.stringContains large.Message "larger than 1024 bytes" "in units"
                    let! many = server.Call("monitor", Requests.ofNodes [ "a"; "b" ] "{}" "{}" "[]")
                    Expect.equal many.Status 422 many.Text
                })
        }

        testCaseTask "MaxConcurrentCalls, MaxQueuedCalls"
        <| fun () -> task {
            let gate, algorithm = gated ()

            do!
                serveWith (told [ "MaxConcurrentCalls", "1"; "MaxQueuedCalls", "0" ]) algorithm (fun server -> task {
                    let first = server.Call("monitor", Requests.first)
                    do! gate.Begun.WaitAsync()
                    let! second = server.Call("monitor", Requests.first)
                    Expect.equal second.Status 429 second.Text
                    gate.Open.SetResult()
                    let! reply = first
                    Expect.equal reply.Status 200 reply.Text
                })
        }

        testCaseTask "names in any case, values with blanks around them"
        <| fun () -> task {
            do!
                serveTold [ "prefix", " /x " ] (fun server -> task {
                    let! reply = server.Post("/x/monitor", Requests.first)
                    Expect.equal reply.Status 200 reply.Text
                })
        }
    ]

let private rules =
    testList "The rules of settings" [
        testCaseTask "what the program sets has the last word, also if it is the default, and the log says so"
        <| fun () -> task {
            let both (options: HttpBackendOptions) =
                told [ "MaxTopologyNodes", "1" ] options
                options.MaxTopologyNodes <- 10_000

            do!
                serveWith both plain (fun server -> task {
                    let! reply = server.Call("monitor", Requests.ofNodes [ "a"; "b" ] "{}" "{}" "[]")
                    Expect.equal reply.Status 200 reply.Text

                    Expect.equal
                        (linesOf server "OverruledSetting")
                        [
                            "The setting Kta:MaxTopologyNodes has no effect: the program sets MaxTopologyNodes itself, which has the last word"
                        ]
                        "and is no riddle"
                })
        }

        testCaseTask "names that nobody knows are named, with those there are"
        <| fun () -> task {
            do!
                serveTold [ "StepTimeLmit", "1s" ] (fun server -> task {
                    let line = List.exactlyOne (linesOf server "UnknownSetting")
                    Expect.stringStarts line "The setting Kta:StepTimeLmit is unknown and has no effect." "which"
                    Expect.stringContains line "StepTimeLimit, MaxRequestBodySize" "what there is"
                })
        }

        test "all wrong values in one message" {
            Expect.equal
                (refusalOf [ "StepTimeLimit", "2"; "MaxRequestMemory", "1 Elephant" ])
                "The setting Kta:StepTimeLimit has to be a time with its unit, such as 4.5s, 200ms, 1h or 00:00:04.5, or infinite; it is '2'. The setting Kta:MaxRequestMemory has to be a number of bytes, such as 1048576, 512Mi or 1.5GiB; it is '1 Elephant'."
                "the whole message"
        }

        test "a value out of its range is refused as in the program" {
            Expect.equal
                (refusalOf [ "StepTimeLimit", "0s"; "MaxQueuedCalls", "-1" ])
                "The settings below Kta: do not work: StepTimeLimit has to be positive and at most a day, or Timeout.InfiniteTimeSpan for none; it is 00:00:00; MaxQueuedCalls must not be negative, 0 for no queue; it is -1."
                "the whole message"
        }

        for text, shown in
            [
                "172800s", "2.00:00:00"
                "172800000ms", "2.00:00:00"
                "2880 min", "2.00:00:00"
                "36h", "1.12:00:00"
                "1.5d", "1.12:00:00"
                "1.12:00:00", "1.12:00:00"
            ] do
            test $"the time {text} is {shown}, which is too long" {
                Expect.equal
                    (refusalOf [ "ShutdownDelay", text ])
                    $"The settings below Kta: do not work: ShutdownDelay has to be from 0 to a day; it is {shown}."
                    "the whole message"
            }

        for text, shown in
            [
                "2147483648", "2147483648"
                "2Gi", "2147483648"
                "2048MiB", "2147483648"
                "2.5 Gi", "2684354560"
                "3GB", "3000000000"
                "4000M", "4000000000"
                "3000000k", "3000000000"
            ] do
            test $"the size {text} is {shown} bytes, which are too many" {
                Expect.equal
                    (refusalOf [ "MaxRequestBodySize", text ])
                    $"The settings below Kta: do not work: MaxRequestBodySize has to be from 1 to 2147483591 bytes; it is {shown}."
                    "the whole message"
            }

        for name, text in
            [
                "StepTimeLimit", "-1s"
                "StepTimeLimit", "1,5s"
                "StepTimeLimit", "99999999999999999999d"
                "MaxRequestBodySize", "1e9"
                "MaxRequestBodySize", "99999999999999999999Gi"
                "Port", "http"
                "Port", "8096.5"
            ] do
            test $"{name} is never {text}" {
                Expect.stringStarts (refusalOf [ name, text ]) $"The setting Kta:{name} has to be" "refused by name"
            }
    ]

let tests = testSequenced (testList "Settings" [ each; effects; rules ])
