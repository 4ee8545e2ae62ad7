/// The file of `--monitor kafka:FILE`.
module Kta.Cli.Tests.KafkaFileTests

open System
open System.IO
open Expecto
open Kta.Cli
open Kta.Functional
open Kta.Functional.Monitoring.Kafka
open Kta.Functional.Simulation
open Kta.Cli.Tests.Tool

let private orders: TopologyNode = TopologyNode.Deployment "orders"

let private parse (text: string) = KafkaFile.Parse(text, "k.yaml", Path.GetTempPath())

let private problemsOf (text: string) = problemsIn (fun () -> parse text)

let private says (expected: string list) (text: string) =
    testCase (String.concat "; " expected)
    <| fun () -> Expect.equal (problemsOf text) [ for one in expected -> "k.yaml" + one ] text

/// The sources of a file that is right otherwise.
let private source (members: string) = $"bootstrapServers: b:1\nsources:\n  - {members}"

let private fine = "{ node: Deployment/orders, group: g, topics: [orders] }"

let private withMember (line: string) = $"{line}\n{source fine}"

let private reading =
    testList "is read" [
        test "as the sample says" {
            let options = KafkaFile.Read(Path.Combine(root, "samples", "Monitors", "kafka.yaml"))

            Expect.equal
                (string options)
                "127.0.0.1:9092: Deployment/orders reads orders, returns as orders, Deployment/mails reads mails as mails"
                "brokers and sources"

            Expect.equal
                (options.Uncommitted, options.RequestTimeout)
                (UncommittedPartitions.FromBeginning, TimeSpan.FromSeconds 3.)
                "choices"

            Expect.equal (options.PasswordFile, options.ClientSettings.Count) (null, 0) "no secrets"
        }

        test "and the sample is what the page shows" {
            let page = File.ReadAllText(Path.Combine(root, "docs", "monitor-kafka.md"))
            let sample = File.ReadAllText(Path.Combine(root, "samples", "Monitors", "kafka.yaml"))
            Expect.stringContains page $"```yaml\n{sample}```" "word for word"
        }

        testCaseTask "with settings of the client, and a password that stands beside it"
        <| fun () ->
            inFolder (fun folder -> task {
                let password = Path.Combine(folder, "password")
                File.WriteAllText(password, "hunter2")

                let settings =
                    "settings: { security.protocol: SASL_SSL, sasl.username: \"kta\", socket.keepalive.enable: true, linger.ms: 5 }"

                let text = withMember $"passwordFile: password\nrequestTimeout: 250ms\n{settings}"
                let options = KafkaFile.Parse(text, "k.yaml", folder)
                Expect.equal options.PasswordFile password "the whole path"
                Expect.equal options.RequestTimeout (TimeSpan.FromMilliseconds 250.) "the time"

                Expect.equal
                    [ for setting in options.ClientSettings -> setting.Key, setting.Value ]
                    [
                        "security.protocol", "SASL_SSL"
                        "sasl.username", "kta"
                        "socket.keepalive.enable", "true"
                        "linger.ms", "5"
                    ]
                    "as they are written"
            })

        test "with one topic as text, a vertex of Flink, and nothing else" {
            let options = parse (source "{ node: bc764cd8, group: g, topics: orders }")
            Expect.equal (string options) "b:1: bc764cd8 reads orders as g" "a source"
            Expect.equal options.Uncommitted UncommittedPartitions.Unknown "the lag is not known"
        }

        test "without a group, where only arrivals are wanted" {
            let options = parse (source "{ node: bc764cd8, topics: [orders] }")
            Expect.isNull options.Sources[0].Group "no lag"
        }

        test "as JSON" {
            let options =
                parse
                    """{ "bootstrapServers": "b:1", "uncommitted": "nothing", "sources": [{ "node": "Deployment/orders", "group": "g", "topics": ["a"] }] }"""

            Expect.equal options.Sources[0].Node orders "YAML as well"
            Expect.equal options.Uncommitted UncommittedPartitions.Nothing "the choice"
        }
    ]

let private problems =
    testList "that is wrong says what and where" [
        says
            [
                ":1: bootstrapServers is missing: expected the brokers, such as broker-1:9092,broker-2:9092"
                ":1: sources is missing: expected a list of sources, each with node and topics"
            ]
            "{}"

        says [ ":1: expected an object with bootstrapServers and sources, found \"orders\"" ] "orders"
        says [ ":1: bootsrapServers: is not known, did you mean bootstrapServers?" ] (withMember "bootsrapServers: c:1")

        says
            [
                ":1: bootstrapServers: brokers are host:port with commas between them; Kafka does not speak HTTP"
            ]
            $"bootstrapServers: http://b:1\nsources: [{fine}]"

        says
            [
                ":1: bootstrapServers: brokers are host:port with commas between them, without a user: who asks is given by sasl.username and a password"
            ]
            $"bootstrapServers: kta:hunter2@b:1\nsources: [{fine}]"

        for empty in [ ""; "~"; "null" ] do
            test $"for a group that is written out as nothing: '{empty}'" {
                Expect.equal
                    (problemsOf (source $"node: Deployment/orders\n    topics: orders\n    group: {empty}"))
                    [
                        "k.yaml:5: sources[0].group: is empty: give the name of the consumer group, or leave it out if only what arrives is wanted"
                    ]
                    "not taken for a source without one"
            }

        says [ ":2: sources: there are no sources" ] "bootstrapServers: b:1\nsources: []"

        says
            [ ":2: sources: expected a list of sources, each with node and topics, found an object" ]
            $"bootstrapServers: b:1\nsources: {fine}"

        says
            [
                ":3: sources[0].topic: is not known, did you mean topics?"
                ":3: sources[0]: node is missing: expected the id of a node of the topology"
                ":3: sources[0]: topics is missing: expected a list with the names of topics"
            ]
            (source "{ topic: orders }")

        says
            [
                ":3: sources[0].node: expected the id of a Flink vertex, or a kind and a name as in Deployment/orders, found \"a/b/c\""
                ":3: sources[0].topics[1]: '^x' is no name of a topic: letters, digits, '.', '_' and '-', at most 249; patterns are not read"
                ":3: sources[0].topics[2]: is there already"
            ]
            (source "{ node: a/b/c, group: g, topics: [a, ^x, a] }")

        says [ ":3: sources[0].topics: there are no topics" ] (source "{ node: a, group: g, topics: [] }")

        says
            [
                ":4: sources[1]: Deployment/orders is there already; a source may read several topics as one group"
            ]
            (source $"{fine}\n  - {fine}")

        says
            [ ":1: uncommitted: \"frombeginning\" is no choice, did you mean fromBeginning?" ]
            (withMember "uncommitted: frombeginning")

        says
            [ ":1: requestTimeout: expected a time of 0.1 s to 10 min, found \"1h\"" ]
            (withMember "requestTimeout: 1h")

        says
            [
                ":1: settings.metadata.broker.list: metadata.broker.list is no setting of the client here, for the monitor sets it itself"
            ]
            (withMember "settings: { metadata.broker.list: c:1 }")

        says
            [ ":1: settings.sasl.username: expected the value of a setting, found a list" ]
            (withMember "settings: { sasl.username: [a] }")

        testCaseTask "for a password that is given twice, and is in no message"
        <| fun () ->
            inFolder (fun folder -> task {
                File.WriteAllText(Path.Combine(folder, "password"), "hunter2")
                let text = withMember "passwordFile: password\nsettings: { sasl.password: hunter2 }"

                let problems = problemsIn (fun () -> KafkaFile.Parse(text, "k.yaml", folder))

                Expect.equal
                    problems
                    [ "k.yaml:2: settings.sasl.password: a password is given twice, as text and as a file" ]
                    "the whole message"
            })

        test "for a password file that is not there" {
            Expect.equal
                (problemsOf (withMember "passwordFile: nowhere"))
                [
                    let whole = Path.GetFullPath(Path.Combine(Path.GetTempPath(), "nowhere"))
                    $"k.yaml:1: passwordFile: there is no file {whole}"
                ]
                "where it was looked for"
        }

        test "for what is no YAML" {
            Expect.stringStarts (problemsOf "sources: [").Head "k.yaml:2: this is no YAML: " "where"
        }
    ]

let private served: Test = testTask "is served, and the reply says who does not answer" {
    let body =
        """{"id":"a","udfStartTimestampMillis":1,"topology":[{"type":"scaleTargetRef","fields":"kind=Deployment|name=orders"}],"monitorResult":{},"analyzeResult":{},"resultHistory":[]}"""

    do!
        inFolder (fun folder -> task {
            let file = Path.Combine(folder, "kafka.yaml")
            // Nobody listens at this port.
            File.WriteAllText(file, (source fine).Replace("b:1", "127.0.0.1:1"))
            let! status, text = servedMonitor [ "--algorithm"; "kafka-lag"; "--monitor"; $"kafka:{file}" ] body
            Expect.equal status 500 text

            Expect.stringContains
                text
                "Kafka at 127.0.0.1:1: the partitions of topic orders were not answered: "
                "what was asked"
        })
}

let tests = testList "The file of the Kafka monitor" [ reading; problems; served ]
