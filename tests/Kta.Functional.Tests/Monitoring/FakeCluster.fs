/// A cluster that answers what a test tells it to, behind the interface that the monitor asks.
module internal Kta.Functional.Tests.Monitoring.FakeCluster

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.Threading
open System.Threading.Tasks
open Confluent.Kafka
open Kta.Functional
open Kta.Functional.Monitoring
open Kta.Functional.Monitoring.Kafka
open Kta.Functional.Monitoring.Kafka.Cluster
open Kta.Functional.Simulation
open Kta.Functional.Tests.Monitoring.MonitorsTests

/// A partition as the cluster has it. Codes other than none are answered with it.
type Partition = {
    Topic: string
    Id: int
    HasLeader: bool
    Committed: int64
    First: int64
    Next: int64
    CommittedError: ErrorCode
    FirstError: ErrorCode
    NextError: ErrorCode
}

let partition (id: int) (committed: int64) (next: int64) = {
    Topic = "orders"
    Id = id
    HasLeader = true
    Committed = committed
    First = 0L
    Next = next
    CommittedError = ErrorCode.NoError
    FirstError = ErrorCode.NoError
    NextError = ErrorCode.NoError
}

/// What librdkafka says of a partition of which nothing is committed.
let unset = -1001L

let private noError = Error ErrorCode.NoError

type FakeCluster(partitions: Partition list) =
    let asked = ConcurrentQueue<string>()

    let replies (wanted: IReadOnlyList<TopicPartition>) (offset: Partition -> int64) (error: Partition -> ErrorCode) = [
        for found in partitions do
            if Seq.contains (TopicPartition(found.Topic, Confluent.Kafka.Partition found.Id)) wanted then
                OffsetReply(
                    TopicPartition(found.Topic, Confluent.Kafka.Partition found.Id),
                    offset found,
                    Error(error found)
                )
    ]

    member _.Asked = List.ofSeq asked
    member val IsDisposed = false with get, set
    member val Kind = GroupKind.Consumer with get, set
    member val Trouble: Error | null = null with get, set
    /// What a topic is answered with, in place of its partitions.
    member val TopicError = noError with get, set
    /// Changes the list of answers.
    member val Change: OffsetReply list -> OffsetReply list = id with get, set
    /// Thrown in place of an answer to what begins like this.
    member val Fails: string * exn = ("nothing", InvalidOperationException()) with get, set
    /// Answers of what begins like this do not come.
    member val Silent = "nothing" with get, set

    member private this.Answer(question: string, answer: 'T) : Task<'T> =
        asked.Enqueue question

        if question.StartsWith(fst this.Fails) then
            Task.FromException<'T>(snd this.Fails)
        elif question.StartsWith this.Silent then
            TaskCompletionSource<'T>().Task
        else
            Task.FromResult answer

    interface IKafkaCluster with
        member this.Trouble = this.Trouble

        member this.TopicAsync(topic) =
            let found = [|
                for one in partitions do
                    if one.Topic = topic then
                        PartitionReply(one.Id, one.HasLeader)
            |]

            this.Answer($"topic {topic}", TopicReply(this.TopicError, found))

        member this.CommittedAsync(group, wanted) =
            this.Answer(
                $"committed {group}",
                replies wanted _.Committed _.CommittedError |> this.Change |> Array.ofList :> IReadOnlyList<OffsetReply>
            )

        member this.OffsetsAsync(wanted, ``end``) =
            let answer =
                match ``end`` with
                | LogEnd.First -> replies wanted _.First _.FirstError
                | _ -> replies wanted _.Next _.NextError

            this.Answer($"{``end``} {wanted.Count}", this.Change answer |> Array.ofList :> IReadOnlyList<OffsetReply>)

        member this.GroupAsync(group) = this.Answer($"group {group}", this.Kind)
        member this.Dispose() = this.IsDisposed <- true

let clusterOf (partitions: Partition list) = new FakeCluster(partitions)

let sources = [| KafkaSource(source, "g", [| "orders" |]) |]

let options = KafkaMonitorOptions("broker:9092", sources)

let monitorAt (time: DateTimeOffset) (options: KafkaMonitorOptions) (cluster: FakeCluster) =
    new KafkaMonitor(options, (fun _ _ -> cluster), VirtualClock time)

/// Reads when the iteration starts.
let readIn (context: MonitoringContext) (options: KafkaMonitorOptions) (cluster: FakeCluster) = task {
    use monitor = monitorAt context.StartedAt options cluster
    return! monitor.ReadAsync(context, CancellationToken.None)
}

let now = MonitoringContext(job, start)

/// What is measured of the source, and what was worth a note.
let readNoting (context: MonitoringContext) (uncommitted: UncommittedPartitions) (cluster: FakeCluster) = task {
    let notes = ConcurrentQueue<string>()

    let noting =
        KafkaMonitorOptions("broker:9092", sources, Uncommitted = uncommitted, OnNote = Action<string> notes.Enqueue)

    let! measured = readIn context noting cluster
    return measured[source], List.ofSeq notes
}

let read (partitions: Partition list) = readNoting now UncommittedPartitions.Unknown (clusterOf partitions)

let healthy = [ partition 0 10L 25L; partition 1 5L 5L ]

/// What a request fails with.
let thrown (code: ErrorCode) (reason: string) : exn = KafkaException(Error(code, reason))
