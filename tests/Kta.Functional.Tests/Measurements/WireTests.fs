/// Measurements as the operator carries them: written by one step, read by the next and in the history.
module Kta.Functional.Tests.Measurements.WireTests

open System
open System.Buffers
open System.Text
open System.Text.Json
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.CSharp

let private codec = Codec.Json<Measurements>()

let write (value: Measurements) =
    let output = ArrayBufferWriter<byte>()
    codec.Write(value, output)
    Encoding.UTF8.GetString output.WrittenSpan

let read (text: string) = codec.Read(ReadOnlySpan(Encoding.UTF8.GetBytes text))

let numbersOf (node: TopologyNode) (text: string) = (read text)[node]

let private seconds (count: float) = Nullable(TimeSpan.FromSeconds count)

/// Numbers as monitors measure them: rates of some digits, fractions of a division.
let private full =
    NodeMeasurements(
        RecordsIn = 191852.823865,
        RecordsOut = 383705.64773,
        Busy = 0.8437261940283719,
        BackPressured = 0.0121951219512195,
        Idle = 0.1440786840204086,
        TrueProcessingRate = 227387.53418,
        Lag = 1204331,
        ArrivalRate = 198012.391112,
        Cpu = 0.7310924369747899,
        Parallelism = 28,
        MaxParallelism = 128,
        Partitions = 64
    )

let private anyNumbers = gen {
    let number low high =
        Gen.oneof [
            Gen.constant Reading.Absent
            Gen.choose (0, 1_000_000)
            |> Gen.map (fun n -> Reading.op_Implicit (low + (high - low) * float n / 1_000_000.))
        ]

    let count =
        Gen.oneof [ Gen.constant Reading.Absent; Gen.choose (1, 5000) |> Gen.map (fun n -> Reading.op_Implicit n) ]

    let! rates = Gen.listOfLength 6 (number 0. 1e9)
    let! fractions = Gen.listOfLength 5 (number 0. 1.)
    let! counts = Gen.listOfLength 3 count

    let! instances =
        Gen.elements [
            None
            Some []
            Some [
                InstanceMeasurements(InstanceState.Ready, Nullable 0.25, Nullable 0.5)
                InstanceMeasurements InstanceState.Pending
            ]
        ]

    let numbers =
        NodeMeasurements(
            RecordsIn = rates[0],
            RecordsOut = rates[1],
            Busy = fractions[0],
            BackPressured = fractions[1],
            Idle = fractions[2],
            TrueProcessingRate = rates[2],
            Lag = rates[3],
            ArrivalRate = rates[4],
            Cpu = fractions[3],
            Parallelism = counts[0],
            MaxParallelism = counts[1],
            Partitions = counts[2],
            BufferUsage = fractions[4],
            EndOffset = rates[5]
        )

    return
        match instances with
        | None -> numbers
        | Some list ->
            NodeMeasurements(
                RecordsIn = numbers.RecordsIn,
                Busy = numbers.Busy,
                Parallelism = numbers.Parallelism,
                Instances = List.toArray list
            )
}

let private any = gen {
    let! topology = Generators.topology
    let! numbers = Gen.listOfLength topology.Count anyNumbers
    let! more = Gen.listOfLength topology.Count anyNumbers
    let! connected = Gen.elements [ true; false ]
    let! age = Gen.elements [ Nullable(); seconds 0.; seconds 12.5; seconds 4000. ]
    let! limit = Gen.elements [ Nullable(); seconds 60. ]
    let! at = Gen.elements [ Nullable(); Nullable(DateTimeOffset.UnixEpoch.AddDays 20_000.123456789) ]

    let pairs list =
        Seq.map2 (fun node numbers -> struct (node, numbers)) topology list
        |> Array.ofSeq

    let all =
        Measurements
            .Of(pairs numbers)
            .From("flink", age, limit)
            .And(Measurements.Of(pairs more).From(MeasurementSource("kafka", seconds 3., At = at)))

    return
        if connected then
            all.WithEdges(
                [| for edge in all.EdgesOf topology -> TopologyEdge(edge.From, edge.To, IsKeyed = at.HasValue) |]
            )
        else
            all.And(Measurements.Of(pairs more[..0]))
}

let private roundTrip =
    testList "what is written comes back" [
        Generators.property "numbers, instances, sources, ages and connections" 300 any (fun value ->
            Expect.equal (read (write value)) value "the same value")

        test "every double digit by digit, as Java writes it too" {
            for number in [ 0.1 + 0.2; 1e7; 12_345_678.9; 1e-7; Double.Epsilon; Double.MaxValue; 0. ] do
                let value = Measurements.Of(struct (orders, NodeMeasurements(RecordsIn = number)))
                Expect.equal (read (write value)) value $"{number}"
        }

        test "through the operator, which sends 1.0E7 for 10000000.0" {
            let text = """{"nodes":{"Deployment/orders":{"recordsIn":1.0E7,"parallelism":4.0}}}"""
            let numbers = text |> numbersOf orders

            Expect.equal
                (numbers.RecordsIn.Value, numbers.Parallelism.Value)
                (Nullable 1e7, Nullable 4.)
                "Java's floats"
        }

        test "a whole loop hands measurements from monitor to plan" {
            let told = """{"nodes":{"Deployment/orders":{"busy":0.5,"parallelism":2}}}"""

            let algorithm =
                Algorithm.Create<Measurements>(
                    monitor = (fun _ -> read told),
                    plan =
                        (fun (ctx: PlanContext<Measurements, System.Text.Json.Nodes.JsonObject>) ->
                            Plan.Single(int ctx.MonitorResult[orders].Parallelism.Value.Value))
                )

            Expect.equal (answer algorithm Step.Monitor (Requests.ofNodes [ "orders" ] "{}" "{}" "[]")) told "the reply"

            Expect.equal
                (answer algorithm Step.Plan (Requests.ofNodes [ "orders" ] told "{}" "[]"))
                (planText [ "orders" ] 2)
                "the plan"
        }

        test "inside of another result, by reflection" {
            let inner = Measurements.Of(struct (orders, full))
            let outer = Codec.Json<Measured>()
            let output = ArrayBufferWriter<byte>()
            outer.Write(Measured(inner, 1), output)
            Expect.equal (outer.Read output.WrittenSpan) (Measured(inner, 1)) "the same value"
        }

        test "inside of another result, with source-generated metadata" {
            let inner = Measurements.Of(struct (orders, full))
            let outer = MeasuredContext.Codec
            let output = ArrayBufferWriter<byte>()
            outer.Write(Measured(inner, 1), output)
            Expect.equal (outer.Read output.WrittenSpan) (Measured(inner, 1)) "the same value"
        }
    ]

let private size =
    let bytesOf (node: TopologyNode) =
        let without = write (Measurements.Of(struct (node, NodeMeasurements.Nothing)))
        let name = without.Length - "{\"nodes\":{:{}}}".Length

        (write (Measurements.Of(struct (node, full)))).Length - without.Length
        + name
        + 2

    testList "the size" [
        test "a node with all twelve numbers takes less than 320 bytes" {
            Expect.isLessThan (bytesOf orders) 320 "a Deployment"
            Expect.isLessThan (bytesOf (vertex "bc764cd8ddf7a0cff126f51c16239658")) 320 "a Flink vertex"
        }

        test "names are words, and the node its short name" {
            Expect.equal
                (write (Measurements.Of(struct (orders, full))))
                """{"nodes":{"Deployment/orders":{"recordsIn":191852.823865,"recordsOut":383705.64773,"busy":0.8437261940283719,"backPressured":0.0121951219512195,"idle":0.1440786840204086,"trueRate":227387.53418,"lag":1204331,"arrivals":198012.391112,"cpu":0.7310924369747899,"parallelism":28,"maxParallelism":128,"partitions":64}}}"""
                "the text"
        }

        test "one age for all numbers of a source" {
            let value =
                Measurements
                    .Of(struct (orders, NodeMeasurements(Busy = 0.5)), struct (payments, NodeMeasurements(Busy = 0.6)))
                    .From("flink", seconds 2.5)
                    .And(
                        Measurements
                            .Of(struct (orders, NodeMeasurements(Lag = 1)))
                            .From("kafka", seconds 9., seconds 60.)
                    )

            Expect.equal
                (write value)
                """{"sources":[{"name":"flink","age":2.5,"nodes":{"Deployment/orders":{"busy":0.5},"Deployment/payments":{"busy":0.6}}},{"name":"kafka","age":9,"staleAfter":60,"nodes":{"Deployment/orders":{"lag":1}}}]}"""
                "the text"
        }

        test "what was not measured is not written, NaN never as a number" {
            let value = Measurements.Of(struct (orders, NodeMeasurements(Busy = nan, Lag = 0)))
            Expect.equal (write value) """{"nodes":{"Deployment/orders":{"lag":0}}}""" "the text"
        }
    ]

let tests = testList "Measurements on the wire" [ roundTrip; size ]
