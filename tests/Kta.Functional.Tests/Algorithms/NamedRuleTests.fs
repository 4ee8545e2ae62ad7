module Kta.Functional.Tests.Algorithms.NamedRuleTests

open System
open System.Collections.Generic
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls

let private orders: TopologyNode = TopologyNode.Deployment "orders"

let private named (name: string) (settings: (string * string) list) =
    Autoscaler.ByName(name, [ for key, value in settings -> KeyValuePair(key, value) ])

let private busy =
    NodeMeasurements(RecordsIn = 100, RecordsOut = 100, Busy = 1, ArrivalRate = 250, Lag = 600, Parallelism = 1)

let private decided (numbers: NodeMeasurements) (algorithm: Algorithm<Measurements, Proposals>) =
    let context =
        PlanContext<Measurements, Proposals>(Topology.Of orders, Measurements.Of(struct (orders, numbers)))

    algorithm.Explain(context).Plan[orders]

let private refused (name: string) (settings: (string * string) list) =
    thrownBy<ArgumentException>(fun () -> named name settings |> ignore)

let tests =
    testList "A rule by its name" [
        test "in any case, with settings in any case" {
            Expect.equal (named "DS2" [ "scalingFactor", "1"; "MAX", "4" ] |> decided busy) 4 "5, at most 4"
        }

        test "every name that is listed makes an algorithm" {
            for name in Autoscaler.Names do
                Expect.equal (named name []).Name name "its name"
        }

        for setting, expected in
            [
                "overProvision=1", 6
                "min=7", 7
                "max=2", 2
                "maxChange.up=1", 2
                "rateLimit.up=1/60s", 2
                "rateLimit.up=100%/1min", 2
                "budget=2", 2
                "minorChanges.up=2", 1
                "activation=3", 3
                "cooldown.down=1h", 3
                "fallback.after=1min fallback.parallelism=9", 3
                "shadow=hpa", 3
                "recommendOnly=true", 1
                "prepare.catchUp=6s", 4
                "prepare.warmUp=0:01:00", 3
                "prepare.smooth=30", 3
                "coupledRescale=0.2", 3
                "stabilize=5min stabilize.up=0s", 3
                "delayScaleDown=1d", 3
            ] do
            test $"ds2, which wants 3 instances instead of 1, with {setting}: {expected}" {
                let settings =
                    setting.Split ' '
                    |> Array.map (fun pair -> pair.Split('=')[0], pair.Split('=')[1])
                    |> List.ofArray

                Expect.equal (named "ds2" settings |> decided busy) expected "instances"
            }

        test "the metrics, windows and policies of hpa" {
            Expect.equal
                (named "hpa" [ "metrics", "busy=50%,lag=100"; "scaleDown:stabilizationWindow", "60s" ]
                 |> decided busy)
                5
                "6 for the lag of 600, at most 4 more at once"

            Expect.equal
                (named "hpa" [
                    "metrics", "lag=100"
                    "scaleUp.policies", "2/15s,200%/1min"
                    "scaleUp.selectPolicy", "min"
                 ]
                 |> decided busy)
                3
                "two more"
        }

        test "the settings of flink, lists of nodes among them" {
            let settings =
                Autoscaler.SettingsOf(
                    "flink",
                    [
                        KeyValuePair<string, string | null>("metricsWindow", "3min")
                        KeyValuePair<string, string | null>("alignment", "evenlySpread")
                        KeyValuePair<string, string | null>("keyedNodes", "map, Deployment/sink")
                    ]
                )

            for setting, expected in
                [
                    "metricsWindow", "3min"
                    "catchUp", "1800s"
                    "alignment", "evenlySpread"
                    "keyedNodes", "map, Deployment/sink"
                ] do
                Expect.equal (settings |> Seq.find (fun pair -> pair.Key = setting)).Value expected setting

            Expect.equal
                (refused "flink" [ "metricsWindow", "0s"; "maxScaleDownFactor", "2" ])
                "The Flink rule cannot work like this: metricsWindow is 00:00:00, it has to be more than 0; maxScaleDownFactor is 2, it has to be from 0 to 1."
                "what is wrong"
        }

        test "the settings of break-even" {
            Expect.equal (named "break-even" [ "latePrice", "8" ]).Name "break-even" "its name"
        }

        for name, settings, message in
            [
                "ds3",
                [],
                $"""There is no rule 'ds3'. There are: {String.Join(", ", Autoscaler.Names)}. (Parameter 'name')"""
                "ds2",
                [ "catchUp", "soon" ],
                "The setting catchUp is 'soon', it has to be a time such as 90, 90s, 5min, 1h or 00:05:00."
                "hpa",
                [ "scaleUp.selectPolicy", "most" ],
                "The setting scaleUp.selectPolicy is 'most', it has to be max or min or disabled."
                "ds2",
                [ "rateLimit.up", "4" ],
                "The setting rateLimit.up is '4', it has to be instances or percent within a time, such as 4/15s or 100%/1min."
                "ds2",
                [ "fallback.after", "60" ],
                "The setting fallback.after needs fallback.parallelism: to how many instances?"
                "ds2",
                [ "fallback.parallelism", "3" ],
                "The setting fallback.parallelism needs fallback.after: after how long?"
                for text in [ ""; "-1"; "+1"; "max,min" ] do
                    "hpa",
                    [ "scaleUp.selectPolicy", text ],
                    $"The setting scaleUp.selectPolicy is '{text}', it has to be max or min or disabled."
                for text in [ "3=70%"; "99=5"; "-1=5" ] do
                    "hpa",
                    [ "metrics", text ],
                    $"The setting metrics is '{text}', it has to be a number of a node and its target, such as busy=70%% or lag=10000, several with commas between them."
                "ds2",
                [ "catchUp", "soon"; "min", "few"; "rateLimit.up", "4"; "min", "1.5" ],
                "The setting catchUp is 'soon', it has to be a time such as 90, 90s, 5min, 1h or 00:05:00. The setting rateLimit.up is '4', it has to be instances or percent within a time, such as 4/15s or 100%/1min. The setting min is '1.5', it has to be a whole number."
            ] do
            test $"{name} with {settings} is refused, and the message says what it has to be" {
                Expect.equal (refused name settings) message "the message"
            }

        test "a setting that nobody knows is refused with those there are" {
            let message = refused "ds2" [ "colour", "red" ]

            Expect.stringStarts
                message
                "ds2 has no setting 'colour'. It has: scalingFactor, catchUp, "
                "the rule's first"

            Expect.stringContains message "cooldown.up, cooldown.down" "the strategies'"
        }
    ]
