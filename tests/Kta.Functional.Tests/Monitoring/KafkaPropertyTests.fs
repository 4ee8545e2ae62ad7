/// What holds of the numbers whatever a cluster has.
module Kta.Functional.Tests.Monitoring.KafkaPropertyTests

open System
open Expecto
open FsCheck
open FsCheck.FSharp
open Confluent.Kafka
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Monitoring.Kafka
open Kta.Functional.Tests.Monitoring.FakeCluster
open Kta.Functional.Tests.Monitoring.MonitorsTests

let private errors =
    Gen.frequency [
        30, Gen.constant ErrorCode.NoError
        1,
        Gen.elements [
            ErrorCode.LeaderNotAvailable
            ErrorCode.RequestTimedOut
            ErrorCode.OffsetNotAvailable
            ErrorCode.Local_Fail
        ]
    ]

let private offset =
    Gen.frequency [ 12, Gen.map int64 (Gen.choose (0, 1_000)); 1, Gen.constant Int64.MaxValue ]

let private partitionGen = gen {
    let! committed = Gen.frequency [ 8, offset; 1, Gen.elements [ -1L; -1001L ] ]
    let! first = offset
    let! records = Gen.map int64 (Gen.choose (0, 1_000))
    let! hasLeader = Gen.frequency [ 20, Gen.constant true; 1, Gen.constant false ]
    let! codes = Gen.listOfLength 3 errors

    return {
        partition
            0
            committed
            (if first > Int64.MaxValue - records then
                 first
             else
                 first + records) with
            First = first
            HasLeader = hasLeader
            CommittedError = codes[0]
            FirstError = codes[1]
            NextError = codes[2]
    }
}

let private numbered = List.mapi (fun id (one: Partition) -> { one with Id = id })

let private partitions =
    Gen.choose (1, 12)
    |> Gen.bind (fun count -> Gen.listOfLength count partitionGen)
    |> Gen.map numbered

let private choice =
    Gen.elements [
        UncommittedPartitions.Unknown
        UncommittedPartitions.FromBeginning
        UncommittedPartitions.Nothing
    ]

/// Anything that fits into the protocol.
let private oddPartition = gen {
    let wild =
        Gen.frequency [
            4, Gen.map int64 (Gen.choose (-5, 50))
            1, Gen.elements [ Int64.MinValue; Int64.MaxValue; -1001L; -1L ]
        ]

    let! committed = wild
    let! first = wild
    let! next = wild

    return {
        partition 0 committed next with
            First = first
    }
}

let private changes =
    Gen.elements [
        id
        List.rev
        List.truncate 2
        fun replies -> replies @ List.truncate 1 replies
        fun replies -> List.skip (min 1 replies.Length) replies
    ]

let private always arb check =
    testPropertyWithConfig
        {
            FsCheckConfig.defaultConfig with
                maxTest = 500
        }
        arb
    <| check

let private isFine (one: Partition) =
    one.HasLeader
    && [ one.CommittedError; one.FirstError; one.NextError ]
       |> List.forall ((=) ErrorCode.NoError)

let private isAhead (one: Partition) = isFine one && one.Committed > one.Next

let private numbersOf choice all = (readNoting now choice (clusterOf all)).Result |> fst

let private valueOf (reading: Reading) = Option.ofNullable reading.Value

/// The lag of one partition, as a reader of the log would count it: records that are there and not yet taken.
let private waiting choice (one: Partition) =
    match one.Committed, choice with
    | committed, _ when committed >= 0L && committed <= one.Next ->
        Some(max 0. (float one.Next - float (max committed one.First)))
    | _ when one.Next = one.First -> Some 0.
    | _, UncommittedPartitions.Nothing -> Some 0.
    | _, UncommittedPartitions.FromBeginning -> Some(float one.Next - float one.First)
    | _ -> None

let tests =
    testList "Whatever a cluster has" [
        always "the lag is what waits in all partitions, or absent: never negative, never of some of them"
        <| Prop.forAll (Arb.fromGen (Gen.zip partitions choice)) (fun (all, choice) ->
            let lag = valueOf (numbersOf choice all).Lag
            let expected = all |> List.map (waiting choice)

            if List.forall isFine all && List.forall Option.isSome expected then
                let sum = List.sumBy Option.get expected
                let records = all |> List.sumBy (fun one -> float one.Next - float one.First)
                Expect.floatClose Accuracy.high lag.Value sum "their sum"
                Expect.isTrue (lag.Value >= 0. && lag.Value <= records) "no more than there are"
            else
                Expect.isNone lag "not known")

        always "the end offset is known of all partitions or absent, and one more never lowers it"
        <| Prop.forAll (Arb.fromGen (Gen.zip partitions partitionGen)) (fun (all, added) ->
            let endOf (all: Partition list) = valueOf (numbersOf UncommittedPartitions.Unknown all).EndOffset

            let isKnown (one: Partition) =
                one.HasLeader
                && one.CommittedError = ErrorCode.NoError
                && one.NextError = ErrorCode.NoError

            Expect.equal (endOf all).IsSome (List.forall isKnown all) "all or nothing"

            match endOf all, endOf (numbered (all @ [ added ])) with
            | Some before, Some after -> Expect.isGreaterThanOrEqual after before "a sum of counters"
            | _ -> ())

        always "the partitions are counted, whatever is wrong with them"
        <| Prop.forAll (Arb.fromGen (Gen.zip partitions choice)) (fun (all, choice) ->
            Expect.equal (numbersOf choice all).Partitions.Value (Nullable(float all.Length)) "all of them")

        always "of answers that cannot be, some missing and some twice, no number is made"
        <| Prop.forAll (Arb.fromGen (Gen.zip3 (Gen.listOf oddPartition) choice changes)) (fun (odd, choice, change) ->
            let all = numbered (partition 0 1L 5L :: odd)

            let numbers = (readNoting now choice (new FakeCluster(all, Change = change))).Result |> fst

            let known = all |> List.forall (fun one -> one.Next >= 0L)

            match valueOf numbers.EndOffset with
            | Some total ->
                Expect.isTrue known "of all partitions"
                Expect.floatClose Accuracy.high total (all |> List.sumBy (fun one -> float one.Next)) "their sum"
            | None -> ()

            match valueOf numbers.Lag with
            | Some lag ->
                let records = all |> List.sumBy (fun one -> max 0. (float one.Next - float one.First))
                Expect.isTrue (known && lag >= 0. && lag <= records * (1. + 1e-9)) "no more than the logs have"
            | None -> ())

        always "in another order the answers are the same"
        <| Prop.forAll (Arb.fromGen (Gen.zip partitions choice)) (fun (all, choice) ->
            let turned = (readNoting now choice (new FakeCluster(all, Change = List.rev))).Result |> fst
            Expect.equal (string turned) (string (numbersOf choice all)) "the same numbers")

        always "what arrives is what the end offsets grew by, or absent: never negative"
        <| Prop.forAll
            (Arb.fromGen (Gen.zip3 partitions partitions (Gen.choose (-5, 60))))
            (fun (before, after, seconds) ->
                let past = (readIn now options (clusterOf before)).Result
                let later = MonitoringContext(job, start.AddSeconds(float seconds), PastMeasurements(start, past))

                let numbers = (readNoting later UncommittedPartitions.Unknown (clusterOf after)).Result |> fst

                match valueOf past[source].EndOffset, valueOf numbers.EndOffset with
                | Some old, Some now when
                    seconds > 0
                    && before.Length = after.Length
                    && now >= old
                    && not (List.exists isAhead after)
                    ->
                    Expect.floatClose
                        Accuracy.high
                        (numbers.ArrivalRate.Value.Value * float seconds)
                        (now - old)
                        "the growth"
                | _ -> Expect.equal numbers.ArrivalRate Reading.Absent "no number")
    ]
