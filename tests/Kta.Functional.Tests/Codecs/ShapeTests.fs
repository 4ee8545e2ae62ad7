/// A result comes back as it was written, or its type is refused when the algorithm is made.
module Kta.Functional.Tests.Codecs.ShapeTests

open System
open System.Collections.Concurrent
open System.Collections.Generic
open System.Collections.Immutable
open System.Numerics
open System.Text.Json
open System.Text.Json.Serialization.Metadata
open Expecto
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp.Shapes
open Kta.Functional.Tests.Codecs.Trying

let leaves = [
    typeof<int>
    typeof<double>
    typeof<string>
    typeof<bool>
    typeof<decimal>
    typeof<Guid>
    typeof<DateTimeOffset>
    typeof<TimeSpan>
    typeof<Color>
    typeof<TopologyNode>
    typeof<JsonElement>
    typeof<BigInteger>
    typeof<Complex>
    typeof<Mode>
    typeof<obj>
    typeof<IShape>
]

/// Types of one value that are classes, so that they can be results.
let holders = [
    typedefof<Positional<_>>
    typedefof<PositionalAndInit<_>>
    typedefof<Init<_>>
    typedefof<Required<_>>
    typedefof<Settable<_>>
    typedefof<Derived<_>>
    typedefof<PrivateSetter<_>>
    typedefof<Field<_>>
    typedefof<ReadonlyField<_>>
    typedefof<OwnField<_>>
    typedefof<ShownField<_>>
    typedefof<HiddenField<_>>
    typedefof<InternalMember<_>>
    typedefof<ByConstructor<_>>
    typedefof<CapturedByConstructor<_>>
    typedefof<NeverSet<_>>
    typedefof<TwoConstructors<_>>
    typedefof<ChosenConstructor<_>>
    typedefof<ParameterlessBeside<_>>
    typedefof<ListInside<_>>
    typedefof<ListBeside<_>>
    typedefof<DictionaryInside<_>>
    typedefof<SetInside<_>>
    typedefof<QueueInside<_>>
    typedefof<FixedListInside<_>>
    typedefof<ObjectInside<_>>
    typedefof<FilledInside<_>>
    typedefof<FixedInside<_>>
    typedefof<Computed<_>>
    typedefof<Recursive<_>>
    typedefof<NamedInside<_>>
    typedefof<Ignored<_>>
    typedefof<Record<_>>
]

let others = [
    typedefof<StructByConstructor<_>>
    typedefof<ChosenStruct<_>>
    typedefof<StructRecord<_>>
    typedefof<FSharpStruct<_>>
    typedefof<List<_>>
    typedefof<IReadOnlyList<_>>
    typedefof<IEnumerable<_>>
    typedefof<list<_>>
    typedefof<ImmutableList<_>>
    typedefof<HashSet<_>>
    typedefof<LinkedList<_>>
    typedefof<Queue<_>>
    typedefof<ConcurrentQueue<_>>
    typedefof<Stack<_>>
    typedefof<ConcurrentStack<_>>
    typedefof<option<_>>
    typedefof<voption<_>>
    typedefof<Nullable<_>>
]

/// A type made of others, at most so deep.
let rec composed (random: Random) (depth: int) : Type =
    let inner () = composed random (depth - 1)
    let holder () = holders[random.Next holders.Length].MakeGenericType(inner ())

    if depth = 0 then
        leaves[random.Next leaves.Length]
    else
        match random.Next 8 with
        | 0 -> leaves[random.Next leaves.Length]
        | 1
        | 2 -> holder ()
        | 3 -> typedefof<Dictionary<_, _>>.MakeGenericType(leaves[random.Next 12], inner ())
        | 4 -> (inner ()).MakeArrayType()
        | 5 -> typedefof<struct (_ * _)>.MakeGenericType(inner (), inner ())
        | 6 -> typedefof<Map<_, _>>.MakeGenericType(typeof<string>, inner ())
        | _ ->
            match others[random.Next others.Length], inner () with
            | other, part when other = typedefof<Nullable<_>> && not part.IsValueType -> part
            | other, part when other = typedefof<Nullable<_>> && not (isNull (Nullable.GetUnderlyingType part)) -> part
            | other, part -> other.MakeGenericType part

let private generated = test "of a type made at random comes back, or the type is refused with the place and what to do" {
    let random = Random 20261125
    let mutable accepted, refused = 0, 0

    for _ in 1..1500 do
        let kind = holders[random.Next holders.Length].MakeGenericType(composed random (random.Next 4))

        match trying "ByReflection" kind with
        | Ok codec ->
            accepted <- accepted + 1

            for _ in 1..3 do
                survives codec kind (Values.make random 0 kind |> nonNull)
        | Error message ->
            refused <- refused + 1
            Expect.stringContains message " cannot be the result of a step: $" $"{kind}"
            // What is inside may be at fault, the nullable or the option is not, unless it is one of another.
            let isBlamed =
                [ "is a Nullable<"; "is a FSharpOption<"; "is a FSharpValueOption<" ]
                |> List.exists message.Contains

            if isBlamed then
                Expect.stringContains message ", whose two kinds of nothing are both null. Take one of them," $"{kind}"


            Expect.stringEnds
                message
                "or give the algorithm a codec of your own with Codec.FromText (F#: Codec.ofText)."
                $"{kind}"

    Expect.isGreaterThan accepted 300 "types that are accepted"
    Expect.isGreaterThan refused 300 "types that are refused"
}

/// The types of the source-generated context.
let generatedKinds = [
    for attribute in typeof<ShapesContext>.GetCustomAttributesData() do
        if attribute.AttributeType = typeof<Serialization.JsonSerializableAttribute> then
            attribute.ConstructorArguments[0].Value |> nonNull :?> Type
]

/// The same types by reflection, by generated metadata with our conventions, and with its own.
let private generatedMetadata =
    testList "with source-generated metadata" [
        test "comes back or is refused exactly as by reflection" {
            let random = Random 2

            let kinds = generatedKinds
            Expect.isGreaterThan kinds.Length 30 "types"

            for kind in kinds do
                match trying "ByReflection" kind, trying "Generated" kind with
                | Ok _, Ok codec ->
                    for _ in 1..5 do
                        survives codec kind (Values.make random 0 kind |> nonNull)

                    match trying "GeneratedAsItIs" kind with
                    | Ok codec -> survives codec kind (Values.make random 0 kind |> nonNull)
                    // Without IncludeFields a field is not written.
                    | Error message -> Expect.stringContains message "the options do not write fields" $"{kind}"
                | reflected, made -> Expect.equal (Result.map ignore made) (Result.map ignore reflected) $"{kind}"
        }

        test "keeps the initial values of members that are missing" {
            for codec in
                [
                    Codec.Json<InitialValues>()
                    Codec.Json<InitialValues>(ShapesContext.Default :> IJsonTypeInfoResolver)
                    Codec.Json ShapesContext.Default.InitialValues
                    Codec.Json PlainContext.Default.InitialValues
                ] do
                let read = Tried.Read(codec, "{}") :?> InitialValues
                let shown = read.Count, read.Rate, read.Text, List.ofSeq read.Many
                Expect.equal shown (7, 0.5, "initial", [ 1 ]) "as the type says"
                survives codec typeof<InitialValues> (InitialValues(Count = 0, Rate = 0.0, Text = "", Many = List()))
        }

        test "refuses text without a member whose initial value would be lost beside parameters" {
            let reflected = Codec.Json<InitialValuesAndParameter>()
            let made = Codec.Json<InitialValuesAndParameter>(ShapesContext.Default :> IJsonTypeInfoResolver)
            let read = Tried.Read(reflected, """{"first":1}""") :?> InitialValuesAndParameter
            Expect.equal (read.Count, read.Zero) (7, 0) "by reflection"

            Expect.stringContains
                (Calls.thrownBy<FormatException>(fun () -> Tried.Read(made, """{"first":1}""") |> ignore))
                "was missing required properties including: 'count'"
                "generated metadata has no way to keep it"

            Expect.equal
                (Tried.Read(made, """{"first":1,"count":2}""") :?> InitialValuesAndParameter).Count
                2
                "what is 0 or null at first may be missing"
        }
    ]

let tests = testSequenced (testList "A result of any type" [ generated; generatedMetadata ])
