/// `kta init`: files of a running job.
module Kta.Cli.Tests.InitTests

open System.IO
open System.Threading.Tasks
open Expecto
open Kta.Cli.Tests.Flink
open Kta.Cli.Tests.Tool
open Kta.Functional
open Kta.Functional.Files
open Kta.Functional.Simulation

let private init (served: Served) (folder: string) (more: string list) =
    run ([ "init"; "--flink"; string served.Face.Address; "--out"; folder ] @ more)

let private files (folder: string) (name: string) =
    PolicyFile.Read(Path.Combine(folder, $"{name}-policy.yaml")),
    ApplicationFile.Read(Path.Combine(folder, $"{name}.yaml"))

/// A graph with two sources, keyed edges, and names that are numbers to YAML.
let private graph =
    Application(
        Name = "My Shop: orders",
        Operators = [|
            StreamOperator("59106318391038319e18310391833333", ratePerInstance = 1000.0, Partitions = 6)
            StreamOperator("1e5", ratePerInstance = 2000.0)
            StreamOperator("join", ratePerInstance = 800.0, Selectivity = 0.25, MaxParallelism = 64)
            StreamOperator("sink", ratePerInstance = 1500.0)
        |],
        Edges = [|
            TopologyEdge(TopologyNode.Flink "59106318391038319e18310391833333", TopologyNode.Flink "join")
            TopologyEdge(TopologyNode.Flink "1e5", TopologyNode.Flink "join")
            TopologyEdge(TopologyNode.Flink "join", TopologyNode.Flink "sink")
        |],
        Sources = byNode [ "59106318391038319e18310391833333", Trace.Constant 1500.0; "1e5", Trace.Constant 900.0 ],
        Parallelism = byNode [ "59106318391038319e18310391833333", 2; "1e5", 1; "join", 4; "sink", 1 ]
    )

let private twoJobs =
    """{"jobs":[{"jid":"a1","name":"orders","state":"RUNNING"},{"jid":"b2","name":"payments","state":"RUNNING"}]}"""

let tests =
    testList "kta init" [
        testTask "makes a policy and an application of a running job, which are read and simulated" {
            do!
                serving graph (fun served -> task {
                    do!
                        inFolder (fun folder -> task {
                            served.Pass 240.0
                            let! outcome = init served folder []
                            Expect.equal outcome.Code 0 outcome.Notes
                            let policy, application = files folder "my-shop-orders"
                            Expect.isEmpty policy.Notes "the operator takes it, too"
                            let policy = Seq.exactlyOne policy.Policies
                            Expect.equal policy.Topology graph.Topology "the vertices"
                            Expect.equal (nonNull policy.PlanEndpoint).Port 8096 "where kta serve listens"
                            Expect.equal policy.MaxParallelism 64 "the key groups"

                            match policy.Target with
                            | :? FlinkTarget as flink -> Expect.equal flink.JobId served.Face.JobId "the job"
                            | other -> failtest $"{other}"

                            Expect.equal
                                (List.ofSeq policy.Monitors)
                                [ $"flink:{served.Face.Address.AbsoluteUri.TrimEnd '/'}#My Shop: orders" ]
                                "by its name, which stays when it is started again"

                            let made = application.Application

                            Expect.equal
                                [ for edge in nonNull made.Edges -> edge.From, edge.To ]
                                [ for edge in nonNull graph.Edges -> edge.From, edge.To ]
                                "edges"

                            Expect.equal (nonNull made.Parallelism).Count 4 "parallelism"

                            for one, real in Seq.zip made.Operators graph.Operators do
                                Expect.floatClose Accuracy.low one.RatePerInstance real.RatePerInstance $"{one.Node}"

                            Expect.floatClose Accuracy.low made.Operators[2].Selectivity 0.25 "selectivity"

                            Expect.equal
                                made.Operators[2].MaxParallelism
                                graph.Operators[2].MaxParallelism
                                "key groups"

                            Expect.equal made.Operators[0].Partitions graph.Operators[0].Partitions "partitions"

                            Expect.floatClose
                                Accuracy.low
                                (made.Sources[made.Operators[0].Node].RateAt(seconds 0.0))
                                1500.0
                                "what arrives"

                            let! simulated =
                                run [ "simulate"; Path.Combine(folder, "my-shop-orders.yaml"); "--hours"; "0.2" ]

                            Expect.equal simulated.Code 0 simulated.Notes
                            Expect.stringContains outcome.Output "kta simulate" "what to do next"
                        })
                })
        }

        testTask "of a job that has measured nothing yet it says that all is a guess" {
            do!
                serving graph (fun served -> task {
                    do!
                        inFolder (fun folder -> task {
                            let! outcome = init served folder []
                            Expect.equal outcome.Code 0 outcome.Notes
                            Expect.stringContains outcome.Output "what arrives at 1e5" "guessed"
                            let text = File.ReadAllText(Path.Combine(folder, "my-shop-orders.yaml"))
                            Expect.stringContains text "a guess: nothing is measured now" "said in the file"
                            let policy, application = files folder "my-shop-orders"
                            Expect.isEmpty policy.Notes "a policy"
                            Expect.equal application.Application.Operators.Count 4 "an application"
                        })
                })
        }

        testTask "never overwrites a file unless told to" {
            do!
                serving graph (fun served -> task {
                    do!
                        inFolder (fun folder -> task {
                            let mine = Path.Combine(folder, "my-shop-orders.yaml")
                            File.WriteAllText(mine, "mine")
                            let! outcome = init served folder []
                            Expect.equal outcome.Code 1 "refused"
                            Expect.stringContains outcome.Notes "my-shop-orders.yaml is there already" "why"
                            Expect.equal (File.ReadAllText mine) "mine" "untouched"
                            Expect.hasLength (Directory.GetFiles folder) 1 "nothing beside it"
                            let! forced = init served folder [ "--force" ]
                            Expect.equal forced.Code 0 forced.Notes
                            Expect.notEqual (File.ReadAllText mine) "mine" "overwritten"
                        })
                })
        }

        testTask "asks which of several jobs is meant" {
            do!
                Fake.serving (fun context -> Fake.json context 200 twoJobs) (fun address -> task {
                    let! outcome = run [ "init"; "--flink"; address ]
                    Expect.equal outcome.Code 1 "refused"
                    Expect.stringContains outcome.Notes "orders (a1, RUNNING), payments (b2, RUNNING)" "both"
                    Expect.stringContains outcome.Notes "--job" "the option"
                })
        }

        testTask "says what is wrong where there is no Flink, no such job, or no graph" {
            let! nobody = run [ "init"; "--flink"; $"http://127.0.0.1:{freePort ()}" ]
            Expect.equal nobody.Code 1 "nobody there"
            let! wrong = run [ "init"; "--flink"; "jobmanager:8081" ]
            Expect.equal wrong.Code 2 "no address"
            let! secret = run [ "init"; "--flink"; "http://me:secret@jobmanager:8081" ]
            Expect.equal secret.Code 2 "a secret that would stand in files"

            do!
                serving graph (fun served -> task {
                    do!
                        inFolder (fun folder -> task {
                            let! outcome = init served folder [ "--job"; "payments" ]
                            Expect.equal outcome.Code 1 "no such job"
                            Expect.stringContains outcome.Notes "My Shop: orders" "which there is"
                        })
                })
        }
    ]
