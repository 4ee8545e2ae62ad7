module Kta.Functional.Tests.Contexts.ContextTests

open System.Text.Json.Nodes
open System.Threading
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp

let private topology = Topology.Of(orders, payments)

let private algorithm: Algorithm<Load, Demand> =
    Algorithm
        .For<Load, Demand>()
        .WithMonitor(fun _ -> Load 1.0)
        .WithAnalyze(fun ctx -> Demand(int ctx.MonitorResult.RecordsPerSecond))
        .WithPlan(fun ctx -> ctx.ForEachNode(fun _ -> ctx.AnalyzeResult.Instances))

let private request monitorResult analyzeResult = Requests.ofNodes [ "orders" ] monitorResult analyzeResult "[]"

let private knowing =
    testList "knows" [
        test "iteration, start and nodes in every step" {
            let seen = Service.Of(ResizeArray<string>())

            let note (ctx: StepContext) =
                seen.Value.Add $"{ctx.Id} {ctx.UdfStartTimestampMillis} {ctx.StartedAt:O} {ctx.Topology}"

            let noting: Algorithm<Load, Demand> =
                algorithm
                    .WithMonitor(fun ctx ->
                        note ctx
                        Load 1.0)
                    .WithAnalyze(fun ctx ->
                        note ctx
                        Demand 1)
                    .WithPlan(fun ctx ->
                        note ctx
                        Plan.Single 1)

            for step in noting.Steps do
                answer noting step Requests.first |> ignore

            Expect.sequenceEqual
                seen.Value
                (List.replicate
                    3
                    "c3f7bdf5-37c4-4724-a92c-4428e47e04c1 1700000100000 2023-11-14T22:15:00.0000000+00:00 Deployment/orders")
                "the same in all three"
        }

        test "the earlier steps' results" {
            Expect.equal
                (answer algorithm Step.Analyze (request """{"recordsPerSecond":2}""" "{}"))
                """{"instances":2}"""
                "monitor's, in analyze"

            Expect.equal
                (answer algorithm Step.Plan (request "{}" """{"instances":5}"""))
                (planText [ "orders" ] 5)
                "analyze's, in plan"
        }

        test "no result of analyze when it had nothing to say" {
            let cautious =
                algorithm.WithPlan(fun ctx -> Plan.Single(if isNull ctx.AnalyzeResultOrNull then 9 else 1))

            Expect.equal (answer cautious Step.Plan (request "{}" "{ }")) (planText [ "orders" ] 9) "{} is nothing"

            let absent = (request "{}" "{}").Replace(",\"analyzeResult\":{}", "")
            Expect.equal (answer cautious Step.Plan absent) (planText [ "orders" ] 9) "so is an absent member"
        }

        test "that a result nobody reads need not fit" {
            let blind = algorithm.WithPlan(fun _ -> Plan.Single 1)

            Expect.equal
                (answer blind Step.Plan (request """{"x":1}""" """{"x":1}"""))
                (planText [ "orders" ] 1)
                "not read"
        }
    ]

let private refusing =
    testList "refuses to give" [
        for what, monitorResult, analyzeResult, expected in
            [
                "an analyze result that is {}",
                "{}",
                "{}",
                "$.analyzeResult: expected a Demand, what analyze answered, found {} (use ctx.AnalyzeResultOrNull if analyze may have nothing to say)"
                "an analyze result of another type",
                "{}",
                """{"instances":"many"}""",
                "$.analyzeResult.instances: expected a Demand, found something else: a whole number is needed, not text"
            ] do
            test what {
                Expect.equal
                    (refusal 422 algorithm Step.Plan (request monitorResult analyzeResult))
                    $"The request to plan is not valid: {expected}"
                    "the whole message"
            }

        test "a monitor result that is {}" {
            Expect.equal
                (refusal 422 algorithm Step.Analyze (request "{}" "{}"))
                "The request to analyze is not valid: $.monitorResult: expected a Load, what monitor answered, found {}"
                "the whole message"
        }
    ]

let private made =
    testList "made for a test" [
        test "gives what it was made of" {
            let entry = HistoryEntry<Load, Demand>(Load 1.0, Demand 2, Plan.Single 2)
            let ctx = PlanContext<Load, Demand>(topology, Load 3.0, Demand 4, [ entry ], "id", 5L)

            Expect.equal
                (ctx.MonitorResult, ctx.AnalyzeResult, ctx.AnalyzeResultOrNull)
                (Load 3.0, Demand 4, Demand 4)
                "results"

            Expect.equal (ctx.Id, ctx.UdfStartTimestampMillis, ctx.Topology) ("id", 5L, topology) "iteration"
            Expect.isTrue (obj.ReferenceEquals(ctx.History.Latest, entry)) "history"
        }

        testTask "is enough to call a step" {
            let plan = Unchecked.nonNull algorithm.Plan
            let! (answered: Plan) = plan.InvokeAsync(PlanContext<Load, Demand>(topology, Load 1.0, Demand 4))
            Expect.equal answered (Plan.ForEach(topology, (fun _ -> 4))) "the step's own answer"
        }

        test "without an analyze result says so when it is read" {
            let ctx = PlanContext<Load, Demand>(topology, Load 1.0)
            Expect.isNull ctx.AnalyzeResultOrNull "nothing"

            Expect.equal
                (thrownBy<IllegalStateException>(fun () -> ctx.AnalyzeResult |> ignore))
                "AnalyzeResult was read in a context without one. Use AnalyzeResultOrNull if analyze may have nothing to say."
                "the whole message"
        }
    ]

let private ended =
    let message =
        "The context of a call was read after the call had ended. A context is valid inside of its step only: take what you need from it there, and await all work before the step returns."

    let keep () =
        let kept = Service.Of(ResizeArray<PlanContext<Load, Demand>>())

        let keeping =
            algorithm.WithPlan(fun ctx ->
                kept.Value.Add ctx
                Plan.Single 1)

        answer
            keeping
            Step.Plan
            (Requests.ofNodes
                [ "orders" ]
                """{"recordsPerSecond":1}"""
                """{"instances":1}"""
                $"""[{Requests.entry "{}" "{}"}]""")
        |> ignore

        Seq.exactlyOne kept.Value

    testList "after its call" [
        for what, look in
            [
                "MonitorResult", (fun (ctx: PlanContext<Load, Demand>) -> ctx.MonitorResult |> ignore)
                "AnalyzeResult", (fun ctx -> ctx.AnalyzeResult |> ignore)
                "AnalyzeResultOrNull", (fun ctx -> ctx.AnalyzeResultOrNull |> ignore)
                "History.Latest", (fun ctx -> ctx.History.Latest |> ignore)
                "History.IsEmpty", (fun ctx -> ctx.History.IsEmpty |> ignore)
                "About", (fun ctx -> ctx.History.About(ctx.Topology).Count |> ignore)
            ] do
            test $"{what} is an error that says so, however often it is tried" {
                let ctx = keep ()
                Expect.equal (thrownBy<IllegalAccessException>(fun () -> look ctx)) message "the whole message"
                Expect.equal (thrownBy<IllegalAccessException>(fun () -> look ctx)) message "again"
            }

        test "what is not decoded from the request can still be read" {
            let ctx = keep ()
            Expect.equal (string ctx.Topology) "Deployment/orders" "the nodes"
        }

        test "what was read in time can still be read" {
            let kept = Service.Of(ResizeArray<AnalyzeContext<Load, Demand>>())

            let keeping =
                algorithm.WithAnalyze(fun ctx ->
                    kept.Value.Add ctx
                    Demand(int ctx.MonitorResult.RecordsPerSecond))

            answer keeping Step.Analyze (request """{"recordsPerSecond":2}""" "{}")
            |> ignore

            Expect.equal (Seq.exactlyOne kept.Value).MonitorResult (Load 2.0) "decoded already"
        }

        testCaseTask "a task that was not awaited gets the error, and the reply is not disturbed"
        <| fun () -> task {
            let ended = Service.Of(new ManualResetEventSlim(false))
            let leaked = Service.Of(ResizeArray<Task<int>>())

            let leaking: Untyped =
                Algorithm
                    .For<JsonObject, JsonObject>()
                    .WithMonitor(fun ctx ->
                        leaked.Value.Add(
                            Task.Run(fun () ->
                                ended.Value.Wait()
                                ctx.History.Count)
                        )

                        JsonObject())

            let! (reply: StepReply) =
                bytes
                    leaking
                    Step.Monitor
                    (System.Text.Encoding.UTF8.GetBytes(Requests.withHistory [ Requests.entry "{}" "{}" ]))

            ended.Value.Set()
            Expect.equal (body reply, reply.RequestIsFree) ("{}", true) "the reply"

            Expect.equal
                (thrownBy<IllegalAccessException>(fun () ->
                    (Seq.exactlyOne leaked.Value).GetAwaiter().GetResult() |> ignore))
                message
                "the whole message"
        }
    ]

let tests = testSequenced (testList "A context" [ knowing; refusing; made; ended ])
