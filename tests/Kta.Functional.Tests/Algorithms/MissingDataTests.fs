/// What each rule does when numbers are missing: executed, and compared with the table of its page in docs/rules.
module Kta.Functional.Tests.Algorithms.MissingDataTests

open System
open System.Globalization
open System.Text.RegularExpressions
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Algorithms.Loops

let private operators = [
    {
        PerInstance = 1000.
        Selectivity = 1.
    }
    { PerInstance = 500.; Selectivity = 1. }
    { PerInstance = 800.; Selectivity = 0. }
]

let private plan = [ 3; 6; 4 ]
let private applied = counts plan chain
let private at (arrivals: float) = measure operators chain arrivals plan

/// Twice what the plan can do, and a backlog.
let private overload =
    let now = at 6000.
    now.With(source, now[source].With(Quantity.Lag, 180_000))

let private low = at 800.

let private without (quantities: Quantity list) (reading: Reading) (node: TopologyNode) (now: Measurements) =
    now.With(
        node,
        quantities
        |> List.fold (fun (numbers: NodeMeasurements) quantity -> numbers.With(quantity, reading)) now[node]
    )

let private rates = [ Quantity.RecordsIn; Quantity.RecordsOut; Quantity.Busy; Quantity.BackPressured; Quantity.Idle ]

let private unknown (node: TopologyNode) (now: Measurements) =
    Measurements.Of(now.Nodes |> Seq.filter (fun pair -> pair.Key <> node))

/// An hour of the same, newest first.
let private hour (now: Measurements) = steady 60 now applied

let private scenarios = [
    "everything measured, twice the load", overload, hour (at 2000.)
    "map's records and busy absent",
    without rates Reading.Absent map overload,
    hour (at 2000. |> without rates Reading.Absent map)
    "everything stale", overload.From("flink", TimeSpan.FromMinutes 10.), hour (at 2000.)
    "map's records and busy NaN",
    without rates (Reading.op_Implicit nan) map overload,
    hour (at 2000. |> without rates Reading.Absent map)
    "nothing arrives, nothing waits", at 0., hour (at 0.)
    "map stands idle",
    overload
    |> without
        [ Quantity.RecordsIn; Quantity.RecordsOut; Quantity.Busy; Quantity.BackPressured ]
        (Reading.op_Implicit 0)
        map
    |> without [ Quantity.Idle ] (Reading.op_Implicit 1) map,
    hour (at 2000.)
    "the lag is -1", without [ Quantity.Lag ] (Reading.op_Implicit -1) source overload, hour (at 2000.)
    "map unknown", unknown map overload, hour (at 2000. |> unknown map)
    "low load for an hour", low, hour low
    "low load, no history", low, [||]
    "low load, history of 1 entry", low, steady 1 low applied
    "low load, history of 2 entries", low, steady 2 low applied
    "twice the load, no history", overload, [||]
]

let private rules = [
    "ds2", Ds2.Rule()
    "flink", FlinkAutoscaler.Rule(FlinkAutoscalerOptions(ScaleDownInterval = TimeSpan.FromMinutes 30.))
    "hpa", Hpa.Rule()
    "kafka-lag", KafkaLag.Rule()
    "dhalion", Dhalion.Rule()
    "varga", Varga.Rule()
    "break-even", BreakEven.Rule()
    "pid", Pid.Rule()
    "mmc", Mmc.Rule()
    "conttune", ContTune.Rule()
    "cpu-thresholds", CpuThresholds.Rule()
]

let private cell (decided: Plan) (current: int) (node: TopologyNode) =
    let mark = if decided.LacksData node then " ?" else ""

    (if decided[node] = current then
         $"{current}"
     else
         $"{current} → {decided[node]}")
    + mark

let private table (rule: ScalingRule) = [
    "| situation | source | map | sink | what it says about map |"
    "|---|---|---|---|---|"
    for what, now, history in scenarios do
        let decided = rule.Decide(now, contextOf chain history)
        let cells = List.map2 (cell decided) plan (List.ofSeq chain) |> String.concat " | "
        let why = textsOf map decided |> String.concat "; "
        $"| {what} | {cells} | {why} |"
]

/// The lines between two marks of a page.
let private shown (page: string) (mark: string) =
    let found =
        Regex($"<!-- {mark} -->\n(.*?)<!-- end -->", RegexOptions.Singleline).Match(Repository.read page)

    Expect.isTrue found.Success $"{page} has the mark {mark}"
    found.Groups[1].Value.TrimEnd().Split('\n') |> List.ofArray

let private camelCase (name: string) = name.Substring(0, 1).ToLowerInvariant() + name.Substring 1

let private options: (string * obj) list = [
    "ds2", Ds2Options()
    "flink", FlinkAutoscalerOptions()
    "hpa", HpaOptions()
    "kafka-lag", KafkaLagOptions()
    "dhalion", DhalionOptions()
    "varga", VargaOptions()
    "break-even", BreakEvenOptions()
    "pid", PidOptions()
    "mmc", MmcOptions()
    "conttune", ContTuneOptions()
    "cpu-thresholds", CpuThresholdsOptions()
]

let private settingsOf (defaults: obj) = defaults.GetType().GetProperties() |> List.ofArray

let private rowOf (kind: string) (setting: string) =
    shown $"docs/rules/{kind}.md" "settings"
    |> List.find (fun row -> row.StartsWith $"| `{setting}` ")

let private listsEverySetting (kind: string) (defaults: obj) = test $"{kind}: the page lists every setting" {
    let names = [
        for row in shown $"docs/rules/{kind}.md" "settings" do
            if row.StartsWith "| `" then
                row.Split('`')[1]
    ]

    let expected = settingsOf defaults |> List.map (fun setting -> camelCase setting.Name)
    Expect.equal (List.sort names) (List.sort expected) "each setting once"
}

/// Settings whose default is a number that can be written down.
let private numeric (defaults: obj) =
    settingsOf defaults
    |> List.choose (fun setting ->
        match setting.GetValue defaults with
        | :? float as number ->
            Some(camelCase setting.Name, String.Format(CultureInfo.InvariantCulture, "{0}", number))
        | :? int as number when number <> Int32.MaxValue -> Some(camelCase setting.Name, string number)
        | _ -> None)

let private statesDefaults (kind: string) (defaults: obj) = [
    for setting, number in numeric defaults do
        test $"{kind}: the page states the default of {setting}" {
            let stated = (rowOf kind setting).Split '|' |> Array.item 2
            Expect.equal (stated.Trim()) number "the second column"
        }
]

let private stated =
    options
    |> List.collect (fun (kind, defaults) -> listsEverySetting kind defaults :: statesDefaults kind defaults)

let private expected (kind: string) (what: string) =
    let rule = rules |> List.find (fun (name, _) -> name = kind) |> snd
    let _, now, history = scenarios |> List.find (fun (name, _, _) -> name = what)
    rule.Decide(now, contextOf chain history)

/// What has to hold whatever the tables say.
let private principles =
    testList "whatever the rule" [
        for kind, rule in rules do
            for what, now, history in scenarios do
                test $"{kind}, {what}: a complete plan, without anything that was not measured taken for 0" {
                    let decided = rule.Decide(now, contextOf chain history)
                    Expect.equal decided.Count 3 "every node"

                    for node in chain do
                        if decided.LacksData node then
                            Expect.equal decided[node] applied[node] $"{node} keeps what it has"
                }

            test $"{kind}: a node without numbers is never scaled down" {
                for what in
                    [ "map's records and busy absent"; "everything stale"; "map's records and busy NaN"; "map unknown" ] do
                    let decided = expected kind what
                    Expect.equal decided[map] applied[map] what
            }

            test $"{kind}: NaN is the same as absent" {
                Expect.equal
                    (expected kind "map's records and busy NaN")
                    (expected kind "map's records and busy absent")
                    "the same plan"
            }
    ]

let tests =
    testList "Missing data" [
        principles
        testList "the pages" [
            for kind, rule in rules do
                test $"{kind}: the table of the page is what happens" {
                    Expect.equal
                        (shown $"docs/rules/{kind}.md" "missing data")
                        (table rule)
                        ("has to be\n" + String.concat "\n" (table rule) + "\n")
                }

            yield! stated
        ]
    ]
