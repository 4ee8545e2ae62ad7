/// Random sequences of everything one can do, beside lists that do the same.
module Kta.Functional.Operator.Tests.Knowledge.StorePropertyTests

open System
open System.Collections.Generic
open Expecto
open FsCheck
open FsCheck.FSharp
open Kta.Functional.Operator
open Kta.Functional.Operator.Tests.Knowledge.Stored

type private Action =
    | Add of policy: int * number: int * size: int
    | Complete of policy: int * note: string
    | Fail of policy: int * number: int * problem: string
    | Settings of policy: int * version: int
    | Reopen

type private Model = {
    Iterations: (string * string option) list
    Failures: string list
    Settings: string list
}

let private actions =
    let policy = Gen.choose (0, 2)
    let number = Gen.choose (0, 1000)

    let problem =
        Gen.elements [ ""; "plan: 500"; "日本\n\u0000é"; "'; DROP TABLE iteration; --"; String('x', 5000) ]

    Gen.frequency [
        6, Gen.map3 (fun p n s -> Add(p, n, s)) policy number (Gen.choose (0, 9000))
        3, Gen.map2 (fun p n -> Complete(p, n)) policy problem
        2, Gen.map3 (fun p n t -> Fail(p, n, t)) policy number problem
        2, Gen.map2 (fun p v -> Settings(p, v)) policy (Gen.choose (0, 2))
        1, Gen.constant Reopen
    ]
    |> Gen.listOf

let private bound = 4
let private kept (entries: 'T list) = List.truncate bound entries
let private name (policy: int) = $"space-{policy}/日 '{policy}"

let private nothing = {
    Iterations = []
    Failures = []
    Settings = []
}

let private entry (number: int) (size: int) =
    withResults $$"""{"filling":"{{String('f', size)}}"}""" """{"deep":[[[{"x":1.50}]]]}""" number

/// Newest first.
let private modelled (model: Map<int, Model>) (action: Action) =
    let change policy how =
        model
        |> Map.add policy (how (Map.tryFind policy model |> Option.defaultValue nothing))

    match action with
    | Add(policy, number, size) ->
        change policy (fun was -> {
            was with
                Iterations = kept ((text (entry number size), None) :: was.Iterations)
        })
    | Complete(policy, note) ->
        match Map.tryFind policy model with
        | Some({ Iterations = (newest, _) :: older }) ->
            change policy (fun was -> {
                was with
                    Iterations = (newest, Some note) :: older
            })
        | _ -> model
    | Fail(policy, _, problem) ->
        change policy (fun was -> {
            was with
                Failures = kept (problem :: was.Failures)
        })
    | Settings(policy, version) ->
        change policy (fun was ->
            if List.tryHead was.Settings = Some(string version) then
                was
            else
                {
                    was with
                        Settings = kept (string version :: was.Settings)
                })
    | Reopen -> model

let private perform (file: string) (store: KnowledgeStore) (action: Action) =
    match action with
    | Add(policy, number, size) -> store.Add(name policy, entry number size, null)
    | Complete(policy, note) ->
        match Seq.tryHead (store.History(name policy, 1)) with
        | Some newest -> store.Complete(name policy, newest.Id, ScalingResult([], [ note ]))
        | None -> ()
    | Fail(policy, number, problem) -> store.AddFailure(name policy, second number, problem)
    | Settings(policy, version) -> store.AddSettings(name policy, second version, string version)
    | Reopen -> store.Dispose()

    if action = Reopen then openWith bound file else store

let private stored (store: KnowledgeStore) (policy: int) = {
    Iterations = [
        for one in Seq.rev (store.Read(name policy)) ->
            text one.Finished, one.Scaling |> Option.ofObj |> Option.map (fun scaling -> scaling.Notes[0])
    ]
    Failures = [ for one in Seq.rev (store.Failures(name policy)) -> one.Problem ]
    Settings = [ for one in Seq.rev (store.Settings(name policy)) -> one.Json ]
}

let tests =
    testPropertyWithConfig
        {
            FsCheckConfig.defaultConfig with
                maxTest = 60
        }
        "The knowledge store does what lists of each policy would do, over any sequence of calls"
        (Prop.forAll (Arb.fromGen actions) (fun actions ->
            use folder = new Folder()

            let store = List.fold (perform folder.Store) (openWith bound folder.Store) actions

            try
                let model = List.fold modelled Map.empty actions

                for policy in 0..2 do
                    let expected = Map.tryFind policy model |> Option.defaultValue nothing
                    Expect.equal (stored store policy) expected (name policy)

                    for length in 1 .. bound + 1 do
                        Expect.equal
                            [ for one in store.History(name policy, length) -> text one ]
                            (expected.Iterations |> List.map fst |> List.truncate length)
                            "history"

                Expect.isEmpty store.Notes "everything can be read"
            finally
                store.Dispose()))
