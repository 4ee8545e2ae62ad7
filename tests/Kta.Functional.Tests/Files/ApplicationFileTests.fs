/// Application files: what they can hold, and what is said about those that cannot be read.
module Kta.Functional.Tests.Files.ApplicationFileTests

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open Kta.Functional
open Kta.Functional.Files
open Kta.Functional.Simulation
open Kta.Functional.Tests
open Kta.Functional.Tests.Files.Reading
open Kta.Functional.Tests.Simulation.Applications

/// The file that the documentation shows.
let private documented =
    lazy
        let page = Repository.read "docs/simulate.md"
        Regex.Match(page, "```yaml\n(.*?)```", RegexOptions.Singleline).Groups[1].Value

let private rateOf (trace: string) (second: float) =
    (read (withTrace trace)).Sources[node "a"].RateAt(TimeSpan.FromSeconds second)

let private everyKind = [
    "150000", 0.0, 150_000.0
    "{ kind: constant, value: 5 }", 9.0, 5.0
    "{ kind: steps, points: [[0, 1], [1min, 2], [120, 3]] }", 60.0, 2.0
    "{ kind: cosine, mean: 10, amplitude: 5, period: 1h }", 1_800.0, 5.0
    "{ kind: ramp, from: 0, to: 10, over: 100 }", 50.0, 5.0
    "{ kind: spikes, base: 1, height: 9, first: 10s, every: 60s, length: 5s }", 12.0, 9.0
    "{ kind: walk, start: 7, step: 0 }", 600.0, 7.0
    "{ kind: daily, low: 4, high: 4, seed: 3 }", 600.0, 4.0
    "{ kind: debs, pattern: increase, query: 3, seed: 1066 }", 0.0, 2_000.0
    "{ kind: debs, pattern: Random, query: Q11 }", 0.0, 30_000.0
    "{ kind: sum, of: [{ kind: constant, value: 5 }, 6] }", 0.0, 11.0
    "{ kind: product, of: [3, { kind: ramp, from: 1, to: 2, over: 10 }] }", 10.0, 6.0
    "{ kind: ramp, from: 0, to: 10, over: 100, offset: 30s }", 20.0, 5.0
    "{ kind: constant, value: 5, noise: 0 }", 0.0, 5.0
]

let tests =
    testList "Application files" [
        test "the one in the documentation is read, every member of it" {
            let orders = read documented.Value

            Expect.equal
                [
                    for one in orders.Operators -> string one.Node, one.RatePerInstance, one.Exponent, one.Selectivity
                ]
                [ "source", 50_000.0, 0.97, 1.0; "map", 12_000.0, 0.95, 2.0; "agg", 15_000.0, 0.92, 0.1 ]
                "operators"

            Expect.equal orders.Operators[2].MaxParallelism (Nullable 64) "key groups"

            Expect.equal
                (List.ofSeq (nonNull orders.Edges))
                [ TopologyEdge(node "source", node "map"); TopologyEdge(node "map", node "agg") ]
                "edges"

            Expect.equal
                (orders.Name, orders.BufferSeconds, orders.Noise, orders.Seed)
                ("orders", 2.0, 0.0, 1L)
                "plain members"

            Expect.equal
                [ orders.Downtime; orders.WarmUp; orders.Interval; orders.RunTime ]
                [ after 30; after 60; after 60; after 8_400 ]
                "times"

            Expect.equal orders.Objective (ServiceObjective(after 10, Nullable(after 15))) "objective"
            Expect.equal orders.Limits (ParallelismLimits(1, 64)) "limits"

            Expect.equal
                [ for pair in nonNull orders.Parallelism -> string pair.Key, pair.Value ]
                [ "source", 6; "map", 25; "agg", 46 ]
                "start"

            Expect.equal (orders.Sources[node "source"].RateAt TimeSpan.Zero) 250_000.0 "what arrives"
        }

        test "the same in JSON is the same application" {
            let json =
                """{
	"name": "orders", "operators": [{ "id": "source", "ratePerInstance": 5e4, "exponent": 0.97 },
		{ "id": "map", "ratePerInstance": 12000 }],
	"edges": [["source", "map"]],
	"sources": { "source": { "kind": "cosine", "mean": 150000, "amplitude": 1e5, "period": "1h" } },
	"objective": { "lag": "10s" }, "hours": 2 }"""

            let orders = read json
            Expect.equal [ for one in orders.Operators -> one.RatePerInstance ] [ 50_000.0; 12_000.0 ] "operators"
            Expect.equal orders.RunTime (after 7_200) "hours"

            Expect.equal
                (problems (json.Replace("12000", "\"fast\"")))
                [
                    "orders.yaml:3: operators[1].ratePerInstance: expected a positive number of records per second, found \"fast\""
                ]
                "with lines, too"
        }

        test "options are read" {
            let application =
                read
                    """
operators:
  - { id: Deployment/in, ratePerInstance: 100, partitions: 4, skew: 0.5 }
  - { id: Deployment/out, ratePerInstance: 100, instanceWeights: [3, 1, 1] }
sources: { Deployment/in: 50 }
checkpoints: { interval: 1min, replay: false, rescaleWaits: true }
rescaleCooldown: 30s
startUp: 20
cluster: { slots: 40, startUp: 2min }
outages: [{ at: 30min, length: 10min }]
noise: 0.05
seed: 77
"""

            Expect.equal application.Name "orders" "named after the file"
            Expect.equal application.Operators[0].Node (TopologyNode.Deployment "in") "a Deployment"

            Expect.equal
                (application.Operators[0].Partitions, application.Operators[0].Skew)
                (Nullable 4, 0.5)
                "of a source"

            Expect.equal (List.ofSeq (nonNull application.Operators[1].InstanceWeights)) [ 3.0; 1.0; 1.0 ] "weights"

            Expect.equal
                application.Checkpoints
                (Checkpoints(after 60, Replay = false, RescaleWaits = true))
                "checkpoints"

            Expect.equal (application.RescaleCooldown, application.StartUp) (after 30, after 20) "times"
            Expect.equal application.Cluster (Cluster(40, after 120)) "machines"
            Expect.equal (List.ofSeq application.Outages) [ MonitoringOutage(after 1_800, after 600) ] "outages"
            Expect.equal (application.Noise, application.Seed) (0.05, 77L) "noise"
            Expect.equal application.RunTime (after 8_400) "140 minutes"
        }

        testList "every kind of trace" [
            for trace, second, expected in everyKind do
                test trace { Expect.floatClose Accuracy.high (rateOf trace second) expected "the rate" }
        ]

        test "the loads in the documentation are what they are called" {
            let page = Repository.read "docs/simulate.md"
            let blocks = Regex.Matches(page, "```yaml\n(.*?)```", RegexOptions.Singleline)
            let loads = blocks[1].Groups[1].Value
            let load (name: string) = Regex.Match(loads, $"^{name}: +(.*)$", RegexOptions.Multiline).Groups[1].Value

            for name, minute, rate in
                [
                    "cosine", 30, 50_000.0
                    "step", 30, 200_000.0
                    "spike", 50, 240_000.0
                    "spike", 53, 90_000.0
                    "ramp", 70, 135_000.0
                ] do
                Expect.floatClose
                    Accuracy.high
                    (rateOf (load name) (60.0 * float minute))
                    rate
                    $"{name} after {minute} minutes"
        }

        test "every kind of trace that the documentation names is known" {
            let page = Repository.read "docs/simulate.md"
            let section = page.Substring(page.IndexOf "## Traces")

            let kinds = [
                for row in Regex.Matches(section, @"^\| `(\w+)`(?:, `(\w+)`)? \| ", RegexOptions.Multiline) ->
                    [ row.Groups[1].Value; row.Groups[2].Value ]
            ]

            for kind in List.concat kinds |> List.filter ((<>) "") do
                match problems (withTrace $"{{ kind: {kind} }}") with
                | [] -> ()
                | found -> Expect.isFalse (found |> List.exists _.Contains("is no kind")) kind

            Expect.isGreaterThan kinds.Length 8 "there are some"
        }

        test "times have units everywhere" {
            for text, seconds in
                [ "90", 90; "90s", 90; "1.5min", 90; "2h", 7_200; "1d", 86_400; "3000ms", 3; "\"45 s\"", 45 ] do
                let application = read (withTrace "1" + $"\ndowntime: {text}")
                Expect.equal application.Downtime (after seconds) text
        }

        test "CSV files are found beside the application file, and their problems told with their own lines" {
            inFolder [ "load.csv", "seconds,rate\n0,5\n60,7"; "bad.csv", "0,1\n60,x" ] (fun folder ->
                let path = Path.Combine(folder, "orders.yaml")

                File.WriteAllText(
                    path,
                    "operators: [{ id: a, ratePerInstance: 10 }]\nsources: { a: { kind: file, path: load.csv } }"
                )

                let application = (ApplicationFile.Read path).Application
                Expect.equal (application.Sources[node "a"].RateAt(after 60)) 7.0 "the rate"
                Expect.equal application.RunTime (after 120) "as long as the file"

                Expect.equal
                    (problemsIn folder (withTrace "{ kind: file, path: bad.csv }"))
                    [ "bad.csv:2: expected records per second, at least 0, found \"x\"" ]
                    "of the CSV"

                Expect.stringStarts
                    (problemsIn folder (withTrace "{ kind: file, path: none.csv }")
                     |> List.exactlyOne)
                    "orders.yaml:3: sources.a.path: the file cannot be read: "
                    "a file that is not there")
        }

        test "a recording is the load of its node, and what was left out stands in the notes" {
            let line (second: int) (rate: int) =
                let request =
                    $$$$"""{"id":"x","udfStartTimestampMillis":{{{{1_700_000_000_000L + 1_000L * int64 second}}}},"topology":[{"type":"flinkStreamingGraphNode","fields":"id=kafka"}],"monitorResult":{"nodes":{"kafka":{"arrivals":{{{{rate}}}}}}},"analyzeResult":{},"resultHistory":[]}"""

                let call (step: string) =
                    $$"""{"v":1,"at":"2025-01-01T00:00:30.5Z","algorithm":"x","step":"{{step}}","ms":1,"status":200,"reply":{},"request":{{request}}}"""

                call "monitor" + "\n" + call "plan" + "\n"

            inFolder [ "night.jsonl", line 0 9 + line 60 500 + line 120 700 ] (fun folder ->
                let file =
                    ApplicationFile.Parse(
                        withTrace "{ kind: recording, path: night.jsonl, node: kafka }",
                        "orders.yaml",
                        folder
                    )

                Expect.equal (file.Application.Sources[node "a"].RateAt(after 100)) 700.0 "the rate"

                Expect.equal
                    (List.ofSeq file.Notes)
                    [
                        "night.jsonl: 3 calls of plan used, of 1 topologies."
                        "night.jsonl: Left out: 3 × calls of monitor."
                    ]
                    "notes"

                Expect.equal
                    (problemsIn folder (withTrace "{ kind: recording, path: night.jsonl }"))
                    [ "orders.yaml:3: sources.a.path: \"a\" has no arrival rates in night.jsonl; these have: kafka" ]
                    "another node")
        }
    ]
