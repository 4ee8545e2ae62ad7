namespace Kta.Functional.Reports

open System
open System.Collections.Generic
open Kta.Functional
open Kta.Functional.Simulation

/// The seconds of a run, or stretches of them that are told by one number each: rates by their mean, what waits by its worst.
type internal Series = {
    /// Seconds in a stretch.
    Width: int
    /// Seconds of the run.
    Seconds: int
    /// Names and numbers, one for each stretch.
    Columns: (string * float array) list
    /// From and to of the times in which nothing was processed, in seconds.
    Down: (int * int) list
}

module internal Series =

    /// The columns there are.
    let names = [
        "rate"
        "capacity"
        "lagSeconds"
        "lag"
        "latencySeconds"
        "instances"
        "needed"
        "over"
        "under"
        "down"
    ]

    /// What the sources take in at most in each second, in records per second, in the mix that arrives: the narrowest operator limits it.
    let private capacity (run: SimulatedRun) =
        let application = run.Application
        let operators = Array.ofSeq application.Operators
        let places = Dictionary(operators |> Seq.mapi (fun i one -> KeyValuePair(one.Node, i)))

        let demands = [|
            for source in application.Sources.Keys do
                let alone = Dictionary [ KeyValuePair(source, 1.0) ]
                let demand = application.Demand alone
                places[source], operators |> Array.map (fun one -> demand[one.Node])
        |]

        let known = Dictionary<struct (int * int), float>()

        let capacityOf (place: int) (parallelism: int) =
            match known.TryGetValue(struct (place, parallelism)) with
            | true, capacity -> capacity
            | _ ->
                let capacity = operators[place].CapacityAt parallelism
                known[struct (place, parallelism)] <- capacity
                capacity

        let capacities = Array.zeroCreate<float> run.Samples.Count
        let demand = Array.zeroCreate<float> operators.Length

        let observer =
            SampleObserver(fun sample ->
                Array.fill demand 0 demand.Length 0.0
                let mutable rate = 0.0

                for place, _ in demands do
                    rate <- rate + sample.Arrived[place]

                for place, needed in demands do
                    // Where nothing arrives, all sources count alike.
                    let share =
                        if rate > 0.0 then
                            sample.Arrived[place] / rate
                        else
                            1.0 / float demands.Length

                    for i in 0 .. demand.Length - 1 do
                        demand[i] <- demand[i] + share * needed[i]

                let mutable least = Double.PositiveInfinity

                for i in 0 .. demand.Length - 1 do
                    if demand[i] > 0.0 then
                        least <- min least (capacityOf i sample.Parallelism[i] / demand[i])

                capacities[int sample.Second] <- least)

        // The same again, second by second: the run remembers sums only, and the model gives the same numbers each time.
        let asked: seq<struct (TimeSpan * IReadOnlyDictionary<TopologyNode, int>)> =
            if run.Iterations.Count > 0 then
                run.Iterations |> Seq.map (fun one -> struct (one.At, one.Parallelism))
            else
                run.Changes |> Seq.map (fun change -> struct (change.At, change.To))

        let mutable app = SimulatedApplication.Start application

        for struct (at, parallelism) in asked do
            app <- app.Advance(at - app.Time, observer).Rescale parallelism

        app.Advance(TimeSpan.FromSeconds(float run.Samples.Count) - app.Time, observer)
        |> ignore

        capacities

    let private widths = [ 1; 2; 5; 10; 15; 30; 60; 120; 300; 600; 900; 1800; 3600 ]

    /// The least width that makes no more points than these.
    let widthFor (seconds: int) (points: int) =
        let least = (seconds + points - 1) / points

        widths
        |> List.tryFind (fun width -> width >= least)
        |> Option.defaultValue (3600 * ((least + 3599) / 3600))

    let private down (samples: IReadOnlyList<RunSample>) =
        let mutable from = -1

        [
            for i in 0 .. samples.Count - 1 do
                if samples[i].IsDown && from < 0 then
                    from <- i
                elif not samples[i].IsDown && from >= 0 then
                    from, i
                    from <- -1

            if from >= 0 then
                from, samples.Count
        ]

    /// The seconds of a run in no more points than these.
    let create (points: int) (run: SimulatedRun) : Series =
        let samples = run.Samples
        let width = widthFor samples.Count (max 1 points)
        let stretches = (samples.Count + width - 1) / width

        let column (name: string) (combine: seq<float> -> float) (number: int -> float) =
            name,
            Array.init stretches (fun stretch ->
                let first = stretch * width
                let last = min samples.Count (first + width) - 1

                if first = last then
                    number first
                else
                    combine (Seq.init (last - first + 1) (fun i -> number (first + i))))

        let capacities = capacity run

        {
            Width = width
            Seconds = samples.Count
            Down = down samples
            Columns = [
                column "rate" Seq.average (fun i -> samples[i].Rate)
                column "capacity" Seq.average (fun i -> capacities[i])
                column "lagSeconds" Seq.max (fun i -> samples[i].LagSeconds)
                column "lag" Seq.max (fun i -> samples[i].Lag)
                column "latencySeconds" Seq.max (fun i -> samples[i].LatencySeconds)
                column "instances" Seq.average (fun i -> float samples[i].Instances)
                column "needed" Seq.average (fun i -> float samples[i].Needed)
                column "over" Seq.average (fun i -> float samples[i].Over)
                column "under" Seq.average (fun i -> float samples[i].Under)
                column "down" Seq.average (fun i -> if samples[i].IsDown then 1.0 else 0.0)
            ]
        }
