/// What a Kafka monitor is made of: its options, and the secrets among them.
module Kta.Functional.Tests.Monitoring.KafkaOptionTests

open System
open System.Collections.Generic
open System.IO
open Expecto
open Confluent.Kafka
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Monitoring.Kafka
open Kta.Functional.Monitoring.Kafka.Cluster
open Kta.Functional.Tests.Monitoring.FakeSystem
open Kta.Functional.Tests.Monitoring.FakeCluster
open Kta.Functional.Tests.Monitoring.MonitorsTests

let private secrets =
    let settings =
        dict [ "sasl.username", "kta"; "sasl.password", "hunter2"; "ssl.key.password", "hunter22" ]
        |> Dictionary

    testList "secrets" [
        testCaseTask "show in no message"
        <| fun () -> task {
            let secret = KafkaMonitorOptions("broker:9092", sources, ClientSettings = settings)

            let cluster =
                new FakeCluster(
                    healthy,
                    Fails = ("topic", thrown ErrorCode.Local_TimedOut "Timed out"),
                    Trouble = Error(ErrorCode.Local_Authentication, "kta with hunter22 or hunter2 is unknown")
                )

            let! error = failureOf<MonitoringException, _>(fun () -> readIn now secret cluster)
            Expect.stringContains error.Message "were not answered: kta with *** or *** is unknown." "covered"
            Expect.equal (string secret) "broker:9092: source reads orders as g" "nor in the options"
        }

        test "are read from a file, without the end of its line" {
            let file = Path.GetTempFileName()

            try
                File.WriteAllText(file, " pass word \n")
                let read = Secrets(KafkaMonitorOptions("broker:9092", sources, PasswordFile = file))
                Expect.equal read.Settings["sasl.password"] " pass word " "as it is"
                Expect.equal (read.Hide "the  pass word !") "the ***!" "covered like others"
            finally
                File.Delete file
        }

        test "that cannot be read are told at once" {
            let missing = KafkaMonitorOptions("broker:9092", sources, PasswordFile = "/nowhere/password")

            let error =
                Expect.throwsC (fun () -> new KafkaMonitor(missing) |> ignore) (fun error ->
                    error :?> ArgumentException)

            Expect.stringStarts error.Message "The file with the password for Kafka cannot be read: " "which"
        }
    ]

let private wrong =
    let problems (options: KafkaMonitorOptions) =
        Expect.throwsC (fun () -> new KafkaMonitor(options) |> ignore) (fun error ->
            (error :?> ArgumentException).Message)

    testList "options" [
        test "that are wrong are all named" {
            let sources = [|
                KafkaSource(source, "", [| "orders" |])
                KafkaSource(source, "g", [| "^orders.*"; "a"; "a" |])
                KafkaSource(map, "g", [||])
            |]

            let settings = dict [ "bootstrap.servers", "other:9092" ] |> Dictionary

            let options =
                KafkaMonitorOptions(
                    " ",
                    sources,
                    ClientSettings = settings,
                    Uncommitted = enum 7,
                    RequestTimeout = TimeSpan.Zero
                )

            Expect.equal
                (problems options)
                ("The options of the Kafka monitor are wrong: there is no broker, such as broker:9092; the group of source has no name; "
                 + "source: '^orders.*' is no name of a topic: letters, digits, '.', '_' and '-', at most 249; patterns are not read; source has the topic a twice; "
                 + "map has no topic; source is given twice; a source may read several topics as one group; uncommitted is 7, which is no choice there is; "
                 + "the request timeout has to be 0.1 s to 10 min, got 0 s; bootstrap.servers is no setting of the client here, for the monitor sets it itself.")
                "the whole message"
        }

        test "are refused without sources, with an address of HTTP, with a user in it, and with two passwords" {
            Expect.stringContains (problems (KafkaMonitorOptions("broker:9092", [||]))) "there is no source" "none"

            Expect.stringContains
                (problems (KafkaMonitorOptions("http://broker:9092", sources)))
                "Kafka does not speak HTTP"
                "another protocol"

            let asked = KafkaMonitorOptions("kta:hunter2@broker:9092", sources)

            Expect.equal
                (problems asked)
                "The options of the Kafka monitor are wrong: brokers are host:port with commas between them, without a user: who asks is given by sasl.username and a password."
                "no secret in the message"

            Expect.equal (string asked) "***: source reads orders as g" "nor in the options"

            let twice =
                KafkaMonitorOptions(
                    "b:1",
                    sources,
                    PasswordFile = "p",
                    ClientSettings = Dictionary(dict [ "sasl.password", "x" ])
                )

            Expect.stringContains (problems twice) "a password is given twice, as text and as a file" "which one?"
        }

        test "of a monitor are disposed with it" {
            let cluster = clusterOf healthy
            (monitorAt start options cluster).Dispose()
            Expect.isTrue cluster.IsDisposed "the connections"
        }
    ]

let tests = testList "The options of the Kafka monitor" [ secrets; wrong ]
