/// An algorithm that does nothing wrong, to change one step of.
module Kta.Functional.Tests.Plain

open System
open System.Text.Json.Nodes
open Kta.Functional

type Untyped = Algorithm<JsonObject, JsonObject>
type MonitorCtx = MonitorContext<JsonObject, JsonObject>

let ok () = Json.object [ "ok", JsonValue.Create true ]

let plain: Untyped =
    Algorithm
        .For<JsonObject, JsonObject>()
        .WithMonitor(fun _ -> ok ())
        .WithAnalyze(fun _ -> ok ())
        .WithPlan(fun ctx -> Plan.ForEach(ctx.Topology, (fun _ -> 1)))

/// An exception of somebody who overrides what logs and replies call.
type Unspeakable() =
    inherit Exception()
    override _.Message = raise (InvalidOperationException "no words")
    override _.ToString() = raise (InvalidOperationException "no words at all")
