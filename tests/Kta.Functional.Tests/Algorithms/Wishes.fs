/// A step that plans what its monitor says, with a result type of a user's own.
module Kta.Functional.Tests.Algorithms.Wishes

open System
open System.Text.Json.Nodes
open Kta.Functional
open Kta.Functional.Algorithms
open Kta.Functional.Tests.Calls
open Kta.Functional.Tests.Algorithms.Loops

let seconds (n: int) = TimeSpan.FromSeconds(float n)

/// What a monitor of a user's own may answer.
type Wish = { Wanted: int }

type Context = PlanContext<Wish, JsonObject>
type Entry = HistoryEntry<Wish, JsonObject>

let one = Topology.Of orders

let wishing =
    Algorithm.CreatePlan<Wish>(fun (ctx: Context) -> Plan.ForEach(ctx.Topology, (fun _ -> ctx.MonitorResult.Wanted)))

let entryAt (age: int) (wanted: int) (applied: int) =
    Entry(
        { Wanted = wanted },
        null,
        Plan.Of(struct (orders, applied)),
        udfStartTimestampMillis = (start - seconds age).ToUnixTimeMilliseconds()
    )

let context (wanted: int) (history: Entry seq) =
    Context(one, { Wanted = wanted }, history = history, udfStartTimestampMillis = start.ToUnixTimeMilliseconds())

let decide (algorithm: Algorithm<Wish, JsonObject>) wanted history =
    (nonNull algorithm.Plan).InvokeAsync(context wanted history).GetAwaiter().GetResult()

let planned algorithm wanted history =
    let plan: Plan = decide algorithm wanted history
    plan[orders]

/// Ten instances all the time, every 30 s; wanted are 2, but for one time.
let peakAt (peak: int) (entries: int) = [ for k in 1..entries -> entryAt (30 * k) (if k = peak then 9 else 2) 10 ]

let tenEntries = Strategy.Stabilize(seconds 300)

let plansOf (algorithm: Algorithm<Wish, JsonObject>) (wanted: int) (history: Entry seq) =
    let explained = algorithm.ExplainAsync(context wanted history).GetAwaiter().GetResult()
    explained.Plan[orders], [ for reason in explained.Nodes[0].Reasons -> string reason ]

/// 10 instances for an hour, and always the same wish.
let calm = [ for k in 1..120 -> entryAt (30 * k) 10 10 ]
