module Kta.Functional.Tests.Algorithms.RuleTests

open System
open System.Collections.Concurrent
open System.Text.Json.Nodes
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp
open Kta.Functional.Tests.Algorithms.Loops

let private all (name: string) (numbers: int list) =
    Rule.Of(name, (fun _ context -> (counts numbers context.Topology).Because(source, $"{name} says so")))

/// Knows nothing about map.
let private blind (name: string) (numbers: int list) =
    Rule.Of(name, (fun _ context -> (counts numbers context.Topology).ForLackOfData(map, $"{name} is blind")))

let private decide (rule: ScalingRule) = rule.Decide(Measurements.Nothing, contextOf chain [])
let private numbers rule = numbersOf chain (decide rule)

let private combinations =
    testList "Combining rules" [
        test "max takes the largest number for each node, and names winner and losers" {
            let plan = decide (Rule.Max(all "a" [ 1; 5; 3 ], all "b" [ 2; 4; 3 ]))
            Expect.equal (numbersOf chain plan) [ 2; 5; 3 ] "node by node"

            Expect.equal
                (textsOf source plan)
                [ "b says so"; "max: b → 2, a 1" ]
                "the winner's reasons, then the losers"

            Expect.equal (textsOf sink plan) [ "max: a → 3, b 3" ] "of equals the first"
        }

        test "min takes the smallest" {
            Expect.equal (numbers (Rule.Min(all "a" [ 1; 5; 3 ], all "b" [ 2; 4; 3 ]))) [ 1; 4; 3 ] "node by node"
        }

        test "a rule without measurements for a node has no say there" {
            let plan = decide (Rule.Max(blind "a" [ 1; 9; 1 ], all "b" [ 2; 2; 2 ]))
            Expect.equal (numbersOf chain plan) [ 2; 2; 2 ] "9 is no decision"
            Expect.equal (textsOf map plan) [ "max: b → 2, a lacks measurements" ] "and it is said"
            Expect.isFalse (plan.LacksData map) "somebody decided"
        }

        test "if nobody has measurements the first one's number stays, marked" {
            let plan = decide (Rule.Min(blind "a" [ 1; 9; 1 ], blind "b" [ 2; 2; 2 ]))
            Expect.equal plan[map] 9 "the first"
            Expect.isTrue (plan.LacksData map) "no decision"
        }

        test "firstOf asks the next rule where measurements are missing, and only then" {
            let asked = ConcurrentQueue<DateTimeOffset>()
            let service = Service.Of asked

            let counted =
                Rule.Of(
                    "counted",
                    fun _ context ->
                        service.Value.Enqueue context.StartedAt
                        counts [ 7; 7; 7 ] context.Topology
                )

            Expect.equal (numbers (Rule.FirstOf(all "a" [ 1; 2; 3 ], counted))) [ 1; 2; 3 ] "the first knows all"
            Expect.isEmpty asked "the second is not asked"
            let plan = decide (Rule.FirstOf(blind "a" [ 1; 2; 3 ], counted))
            Expect.equal (numbersOf chain plan) [ 1; 7; 3 ] "the second knows map"
            Expect.equal (textsOf map plan) [ "firstOf: counted → 7, a lacks measurements" ] "why"
        }

        test "perNode gives some nodes a rule of their own" {
            let mixed =
                Rule.PerNode(all "a" [ 1; 1; 1 ], struct (map, all "b" [ 2; 2; 2 ]), struct (sink, Ds2.Rule()))

            let now = measure [ for _ in chain -> { PerInstance = 10.; Selectivity = 1. } ] chain 45. [ 1; 1; 1 ]
            Expect.equal (numbersOf chain (mixed.Decide(now, contextOf chain []))) [ 1; 2; 5 ] "three rules"
        }

        test "a node has one rule of its own" {
            thrownBy<ArgumentException>(fun () ->
                Rule.PerNode(Ds2.Rule(), struct (map, Ds2.Rule()), struct (map, Hpa.Rule()))
                |> ignore)
            |> ignore
        }

        test "there is something to combine" { thrownBy<ArgumentException>(fun () -> Rule.Max() |> ignore) |> ignore }

        test "the history of all is needed, and the name says what it is" {
            let rule = Rule.Max(Ds2.Rule(), Hpa.Rule())
            Expect.equal rule.HistoryNeeded (HistoryNeeded(10, TimeSpan.FromSeconds 300.)) "the larger of each"
            Expect.equal (rule.HistoryNeeded.EntriesAt(TimeSpan.FromSeconds 15.)) 20 "300 s in steps of 15"
            Expect.equal (string rule) "max(ds2, hpa)" "the name"
        }
    ]

let private own =
    testList "A rule of one's own" [
        test "is a function" { Expect.equal (numbers (all "mine" [ 1; 2; 3 ])) [ 1; 2; 3 ] "its plan" }

        test "has to cover the topology" {
            let rule = Rule.Of("mine", (fun _ _ -> Plan.Of(struct (map, 1))))

            Expect.stringStarts
                (thrownBy<UdfResultException>(fun () -> decide rule |> ignore))
                "plan does not fit the topology. Missing: source, sink."
                "the nodes are named"
        }

        test "makes no reasons where they are not wanted: nothing is evaluated" {
            let evaluated = ConcurrentQueue<int>()
            let service = Service.Of evaluated

            let rule =
                Rule.Of(
                    "mine",
                    fun _ context ->
                        Reasons.Counted(
                            counts [ 1; 2; 3 ] context.Topology,
                            map,
                            fun () ->
                                service.Value.Enqueue 1
                                service.Value.Count
                        )
                )

            let silent = rule.DecideWithoutReasons(Measurements.Nothing, contextOf chain [])
            Expect.isEmpty evaluated "not evaluated"
            Expect.equal silent (decide rule) "the same plan"
            Expect.equal evaluated.Count 1 "evaluated where reasons are wanted"
            Expect.isEmpty (silent.ReasonsOf map) "no reasons"
        }

        test "lacks data with and without reasons" {
            let silent = (blind "a" [ 1; 2; 3 ]).DecideWithoutReasons(Measurements.Nothing, contextOf chain [])
            Expect.isTrue (silent.LacksData map) "marked"
            Expect.isEmpty (silent.ReasonsOf map) "not explained"
        }
    ]

let private documented =
    testList "What the documentation shows" [
        test "the measurements: two sources, connections" {
            let all = RuleSnippets.Measured(source, map, orders, sink)
            let both = all[1]
            Expect.equal both[source].Lag.Value (Nullable 1204.) "kafka's lag"
            let edges = all[2].EdgesOf(Topology.Of(source, map, orders, sink))
            Expect.equal edges.Count 4 "a diamond"
            Expect.equal (FSharp.RuleSnippets.measured source map orders sink) (List.ofSeq all) "the same in F#"
        }

        test "the reason of DS2" {
            let measured = RuleSnippets.Measured(source, map, orders, sink)[0]
            let plan = Ds2.Rule().Decide(measured, RuleContext(Topology.Of(source, sink), start))
            Expect.equal (textsOf sink plan) [ "DS2: 2,500/s needed, 312/s per instance → 8 (8.00)" ] "as printed"
            let inFSharp = FSharp.RuleSnippets.explain (Topology.Of(source, sink)) sink measured start
            Expect.equal (textsOf sink inFSharp) (textsOf sink plan) "the same in F#"
        }

        test "the algorithm serves monitor and plan, with the rule outside of the step" {
            let flink = {
                new RuleSnippets.IFlink with
                    member _.MeasureAsync(topology, _) =
                        Measurements.ForEach(
                            topology,
                            fun _ -> NodeMeasurements(RecordsIn = 100, Busy = 1, ArrivalRate = 250, Parallelism = 1)
                        )
                        |> Task.FromResult
            }

            for algorithm in [ RuleSnippets.WithRule flink; FSharp.RuleSnippets.withRule flink ] do
                let request told = Kta.Functional.Tests.Requests.ofNodes [ "orders" ] told "{}" "[]"
                let measured = answer algorithm Step.Monitor (request "{}")
                Expect.equal (answer algorithm Step.Plan (request measured)) (planText [ "orders" ] 3) "2.5 times 1.2"
        }

        test "the rules decide" {
            let measured = RuleSnippets.Measured(source, map, orders, sink)[0]
            let context = RuleContext(Topology.Of(source, sink), start)

            for rule, inFSharp in Seq.zip (RuleSnippets.Rules sink) (FSharp.RuleSnippets.rules sink) do
                let plan = rule.Decide(measured, context)
                Expect.equal plan.Count 2 (string rule)
                Expect.equal (string inFSharp) (string rule) "the same rule in F#"
                let again = inFSharp.Decide(measured, context)

                for node in context.Topology do
                    Expect.equal
                        (again[node], textsOf node again)
                        (plan[node], textsOf node plan)
                        $"{rule}: the same in F#"
        }

        test "what offsets amount to" {
            let partitions = [ KafkaPartition(Nullable 4L, Nullable 10L); KafkaPartition(Nullable(), Nullable 5L) ]

            let expected = RuleSnippets.OfOffsets partitions
            Expect.equal expected.Lag.Value (Nullable 11.) "all of what nobody has read yet"
            Expect.equal (FSharp.RuleSnippets.ofOffsets partitions) expected "the same in F#"
        }
    ]

let tests = testList "Rules" [ combinations; own; documented ]
