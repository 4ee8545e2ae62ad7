/// What docs/monitor-flink.md and docs/monitor-kafka.md show in F#. A test compares, and others run what needs no server.
module Kta.Functional.Tests.FSharp.MonitorSnippets

open Expecto
open Kta.Functional
open Kta.Functional.Calls
open Kta.Functional.FSharp
open Kta.Functional.Monitoring
open Kta.Functional.Monitoring.Kafka
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls

type Load = { RecordsPerSecond: float }

let serveFlink () =
    use flink = new FlinkMonitor("http://jobmanager:8081", "orders")

    Ds2.rule Ds2.defaults
    |> Autoscaler.withMonitor (fun ctx ct -> flink.MeasureAsync(ctx, ct))
    |> HttpBackend.run

let withOptions (log: string -> unit) =
    let flink =
        new FlinkMonitor(
            FlinkMonitorOptions(
                Server =
                    ServerOptions(
                        "https://jobmanager:8081",
                        BearerTokenFile = "/var/run/secrets/flink/token",
                        CertificateAuthorityFile = "/var/run/secrets/flink/ca.pem"
                    ),
                Job = "orders",
                Busy = FlinkAggregation.Maximum,
                OnNote = log
            )
        )

    flink

let merged (flink: TopologyMonitor) (kafka: TopologyMonitor) =
    let both = Monitors.Merge(flink, kafka)

    let autoscaler =
        BreakEven.rule BreakEven.defaults
        |> Autoscaler.withMonitor (fun ctx ct -> both.MeasureAsync(ctx, ct))

    autoscaler

let ownResult (flink: TopologyMonitor) =
    let autoscaler = algorithm {
        monitor (fun ctx ct -> task {
            let! measured = flink.ReadAsync(MonitoringContext(ctx.Topology, ctx.StartedAt), ct)
            let recordsIn = measured[ctx.Topology[0]].RecordsIn.TryValue

            return {
                RecordsPerSecond = recordsIn |> Option.defaultValue 0.0
            }
        })

        plan (fun ctx ->
            let instances = Parallelism.ofFloat (ctx.MonitorResult.RecordsPerSecond / 5_000.0)
            ctx.Topology |> Plan.forEach (fun node -> instances |> Parallelism.atLeast 1))
    }

    autoscaler

let ofKafka () =
    use kafka =
        new KafkaMonitor(
            "broker:9092",
            group = "orders",
            topics = [ "orders" ],
            node = TopologyNode.Deployment "orders"
        )

    KafkaLag.rule KafkaLag.defaults
    |> Autoscaler.withMonitor (fun ctx ct -> kafka.MeasureAsync(ctx, ct))
    |> HttpBackend.run

let severalSources (orders: TopologyNode) (mails: TopologyNode) =
    let options =
        KafkaMonitorOptions(
            "broker-1:9092,broker-2:9092",
            [ KafkaSource(orders, "orders", [ "orders"; "refunds" ]); KafkaSource(mails, "mails", [ "mails" ]) ],
            Uncommitted = UncommittedPartitions.FromBeginning,
            ClientSettings =
                readOnlyDict [
                    "security.protocol", "SASL_SSL"
                    "sasl.mechanism", "SCRAM-SHA-512"
                    "sasl.username", "kta"
                ],
            PasswordFile = "/var/run/secrets/kafka/password",
            OnNote = fun note -> eprintfn $"{note}"
        )

    options

let withFlink () =
    use flink = new FlinkMonitor("http://jobmanager:8081", "orders")

    use arrivals =
        new KafkaMonitor("broker:9092", null, [ "orders" ], TopologyNode.Flink "bc764cd8ddf7a0cff126f51c16239658")

    use both = Monitors.Merge(flink, arrivals)

    BreakEven.rule BreakEven.defaults
    |> Autoscaler.withMonitor (fun ctx ct -> both.MeasureAsync(ctx, ct))
    |> HttpBackend.run

/// Knows the same of every node.
type private Fixed(numbers: NodeMeasurements) =
    inherit TopologyMonitor()

    override _.ReadCoreAsync(context, _) = task { return context.Topology |> Measurements.forEach (fun _ -> numbers) }

let tests =
    testList "What the documentation of the monitors shows" [
        let flink () = new Fixed(NodeMeasurements(RecordsIn = 12_000, Busy = 1, Parallelism = 2))

        test "merges the same in both languages" {
            use flink = flink ()
            use kafka = new Fixed(NodeMeasurements(Lag = 7))

            for algorithm in [ CSharp.FlinkMonitorSnippets.Merged(flink, kafka); merged flink kafka ] do
                Expect.equal
                    (answer algorithm Step.Monitor Requests.first)
                    """{"nodes":{"Deployment/orders":{"recordsIn":12000,"busy":1,"lag":7,"parallelism":2}}}"""
                    "of both"
        }

        test "answers a result of one's own in both languages" {
            use flink = flink ()

            for algorithm in [ CSharp.FlinkMonitorSnippets.OwnResult flink; ownResult flink ] do
                let request told = Requests.ofNodes [ "orders" ] told "{}" "[]"
                let measured = answer algorithm Step.Monitor (request "{}")
                Expect.equal measured """{"recordsPerSecond":12000}""" "monitor"
                Expect.equal (answer algorithm Step.Plan (request measured)) (planText [ "orders" ] 3) "plan"
        }
    ]
