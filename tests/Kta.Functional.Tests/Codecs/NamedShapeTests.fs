/// Which types of results are refused and which come back, one by one.
module Kta.Functional.Tests.Codecs.NamedShapeTests

open System
open System.Collections.Generic
open System.Text.Json
open System.Threading.Tasks
open Expecto
open Kta.Functional
open Kta.Functional.Tests
open Kta.Functional.Tests.CSharp.Shapes
open System.Numerics
open Kta.Functional.Calls
open Kta.Functional.Tests.Codecs.Trying

/// Inside of itself, or nothing.
type Chain = {
    Next: Chain option
    Others: Chain list option
    Name: string
}

let private ownCodec =
    ", or give the algorithm a codec of your own with Codec.FromText (F#: Codec.ofText)."

let private nothingReads =
    "Give it init or set, or make it a parameter of the constructor (of a struct, with [JsonConstructor] on it)"

let private refusals = [
    typeof<NeverSet<int>>,
    $"NeverSet<Int32> cannot be the result of a step: $.value (NeverSet<Int32>.Value) is written, but nothing reads it. {nothingReads}"
    typeof<ReadonlyField<int>>,
    $"ReadonlyField<Int32> cannot be the result of a step: $.value (ReadonlyField<Int32>.Value) is written, but nothing reads it. {nothingReads}"
    typeof<Settable<StructByConstructor<int>>>,
    $"Settable<StructByConstructor<Int32>> cannot be the result of a step: $.value.value (StructByConstructor<Int32>.Value) is written, but nothing reads it. {nothingReads}"
    typeof<ListThatIsNeverThere>,
    $"ListThatIsNeverThere cannot be the result of a step: $.value (ListThatIsNeverThere.Value) is written, but nothing reads it. {nothingReads}"
    typeof<FixedListInside<int>>,
    $"FixedListInside<Int32> cannot be the result of a step: $.value (FixedListInside<Int32>.Value) is written, but nothing reads it. {nothingReads}"
    typeof<HiddenField<int>>,
    "HiddenField<Int32> cannot be the result of a step: $ has the field HiddenField<Int32>._value, which is not written. Show it as a public property with init or set, put [JsonIgnore] on it if it may be lost"
    typeof<TwoConstructors<int>>,
    "TwoConstructors<Int32> cannot be the result of a step: $ is a TwoConstructors<Int32>, which can be written but not made again. It needs a public constructor, and if it has several, [JsonConstructor] on one of them"
    typeof<Settable<BigInteger>>,
    "Settable<BigInteger> cannot be the result of a step: $.value is a BigInteger, which System.Text.Json writes but does not read. Take text or numbers in its place"
    typeof<Settable<Stack<int>>>,
    "Settable<Stack<Int32>> cannot be the result of a step: $.value is a Stack<Int32>, which comes back in reverse order. Take a list"
    typeof<Settable<obj>>,
    "Settable<Object> cannot be the result of a step: $.value can hold anything (object) and comes back as a JsonElement. Name the type, or take JsonNode or JsonElement"
    typeof<Settable<IShape>>,
    "Settable<IShape> cannot be the result of a step: $.value is an abstract IShape, which can be written but not made again. Name the types it can be with [JsonDerivedType(typeof(…), \"…\")], or take one of them"
    typeof<Settable<Dictionary<struct (int * int), int>>>,
    "Settable<Dictionary<ValueTuple<Int32, Int32>, Int32>> cannot be the result of a step: $.value has keys of the type ValueTuple<Int32, Int32>, which cannot be the names of JSON members. Take text, a number, an enum or a TopologyNode as key, or a list of records"
    typeof<Settable<Mode option>>,
    "Settable<FSharpOption<Mode>> cannot be the result of a step: $.value is a Mode, which System.Text.Json does not know. Put a [JsonConverter] on it"
    typeof<Settable<int option option>>,
    "Settable<FSharpOption<FSharpOption<Int32>>> cannot be the result of a step: $.value is a FSharpOption<FSharpOption<Int32>>, whose two kinds of nothing are both null. Take one of them"
    typeof<NamedInside<int>>,
    "NamedInside<Int32> cannot be the result of a step: $.value is a WithName<Int32>, of which only the items are written and not Name. Make it a record that holds the collection"
    typeof<Nameless>,
    "Nameless cannot be the result of a step: $ can be a NamelessMore, which comes back as a Nameless. Give it a name: [JsonDerivedType(typeof(NamelessMore), \"…\")]"
    typeof<LeftOutButFive>,
    "LeftOutButFive cannot be the result of a step: $.count is left out where it is 0, and would come back as the initial value. Take away the initial value or the [JsonIgnore] condition"
    typeof<Populated>,
    "Populated cannot be the result of a step: $.value is not empty in a new object, and what is read is added to that. Begin with an empty collection"
    typeof<Settable<Task<int>>>,
    "Settable<Task<Int32>> cannot be the result of a step: $.value is a Task<Int32>, which System.Text.Json writes but does not read. Take text or numbers in its place"
    typeof<Settable<int -> int>>,
    "Settable<FSharpFunc<Int32, Int32>> cannot be the result of a step: $.value is a FSharpFunc<Int32, Int32>, which System.Text.Json writes but does not read. Take text or numbers in its place"
    typeof<FurtherObjects>,
    "FurtherObjects cannot be the result of a step: $.others[*] can hold anything (object) and comes back as a JsonElement. Name the type, or take JsonNode or JsonElement"
    typeof<NumbersAsTextOnly>,
    "NumbersAsTextOnly cannot be the result of a step: $.whole is written as text, but not read from it. Add JsonNumberHandling.AllowReadingFromString"
]

let private refused =
    testList "is refused before the first call, with the member and what to do" [
        for kind, message in refusals do
            test $"{kind.Name}: {message.Substring(message.IndexOf '$')}" {
                Expect.equal (trying "ByReflection" kind) (Error(message + ownCodec)) "the whole message"
            }

        test "when it is handed to a backend, as other codecs are" {
            Expect.stringStarts
                (Calls.thrownBy<ArgumentException>(fun () ->
                    StepRunner(Algorithm.For<NeverSet<int>, Settable<int>>().WithPlan(fun _ -> Plan.Single 1))
                    |> ignore))
                "NeverSet<Int32> cannot be the result of a step: $.value "
                "before the first call"
        }

        test "that is nothing or an object, for nothing is no object" {
            Expect.equal
                (trying "ByReflection" typeof<Record<int> option>)
                (Error
                    "FSharpOption<Record<Int32>> cannot be the result of a step: it is not written as a JSON object, and the operator reads nothing else. Wrap it into a record, for example: record Load(double RecordsPerSecond).")
                "the whole message"
        }

        test "that System.Text.Json has no converter for, as for an option of a kind of node" {
            Expect.stringStarts
                (trying "ByReflection" typeof<Settable<ScaleTargetRef voption>>
                 |> function
                     | Ok _ -> "accepted"
                     | Error message -> message)
                "Settable<FSharpValueOption<ScaleTargetRef>> cannot be the result of a step: System.Text.Json cannot work with it: "
                "with a message of ours"
        }

        test "with options that change keys when they are written" {
            let options = JsonSerializerOptions(DictionaryKeyPolicy = JsonNamingPolicy.CamelCase)

            Expect.stringContains
                (Calls.thrownBy<ArgumentException>(fun () ->
                    Codec.Json<Settable<Dictionary<string, int>>> options |> ignore))
                "$.Value has keys that the DictionaryKeyPolicy of the options changes when they are written."
                "and not back"
        }
    ]

let private accepted =
    testList "comes back whole" [
        for kind in
            [
                typeof<Positional<Dictionary<int, string>>>
                typeof<PrivateSetter<Guid>>
                typeof<OwnField<list<int>>>
                typeof<CapturedByConstructor<Map<string, int option>>>
                typeof<ChosenConstructor<double>>
                typeof<Settable<ChosenStruct<int>>>
                typeof<Settable<StructRecord<int>>>
                typeof<ListInside<double>>
                typeof<ListBeside<string>>
                typeof<ListThatIsNotEmpty>
                typeof<DictionaryInside<ListInside<int>>>
                typeof<SetInside<int>>
                typeof<ObjectInside<int list>>
                typeof<FilledInside<int>>
                typeof<Computed<int>>
                typeof<Recursive<int>>
                typeof<Ignored<int>>
                typeof<LeftOutWhenDefault>
                typeof<LeftOutParameter>
                typeof<AllNumbersAsText>
                typeof<NumbersAsText>
                typeof<Record<Settable<Color>>>
                typeof<Settable<TopologyNode option>>
                typeof<Settable<TopologyNode voption>>
                typeof<Record<TopologyNode voption list>>
                typeof<Settable<Nullable<StructRecord<int>>>>
                typeof<Settable<Nullable<struct (int * int)>>>
                typeof<Settable<Dictionary<string, Nullable<StructRecord<int>>>>>
                typeof<Settable<Record<int> option>>
                typeof<Record<Record<int> voption>>
                typeof<Settable<FSharpStruct<int> option>>
                typeof<Settable<list<int> option>>
                typeof<Record<int array option>>
                typeof<Settable<Map<string, int> voption>>
                typeof<Chain>
            ] do
            test $"{kind}" {
                let random = Random 1

                for maker in [ "ByReflection"; "Plain" ] do
                    match trying maker kind with
                    | Ok codec ->
                        for _ in 1..20 do
                            survives codec kind (Values.make random 0 kind |> nonNull)
                    // By default such fields are not written.
                    | Error message -> Expect.equal maker "Plain" message
            }

        test "with what stands where something else stood at first" {
            let codec = Codec.Json<ListThatIsNotEmpty>()
            let read = Tried.Read(codec, """{"value":[5]}""") :?> ListThatIsNotEmpty
            Expect.sequenceEqual read.Value [ 5 ] "in its place"
            let untouched = Tried.Read(codec, "{}") :?> ListThatIsNotEmpty
            Expect.sequenceEqual untouched.Value [ 1; 2 ] "as it was"
        }

        test "with members it does not know" {
            let others = Dictionary(dict [ "more", JsonDocument.Parse("[1,null]").RootElement ])
            survives (Codec.Json<Further>()) typeof<Further> (Further(Count = 1, Others = others))
        }

        test "wherever its kind is named" {
            let codec = Codec.Json<Settable<Mood>>()
            let back = Tried.Read(codec, """{"value":{"n":3,"$type":"busy"}}""") :?> Settable<Mood>
            Expect.equal back.Value (Busy 3) "behind the members, as other languages may write it"
            survives codec typeof<Settable<Mood>> (Settable<Mood>(Value = Calm()))
        }

        test "with numbers as text where the type says so" {
            let codec = Codec.Json<NumbersAsText>()
            let value = NumbersAsText(3L, Nullable 4, List [ 5 ], 0.5, 6)
            let text = """{"whole":"3","maybe":"4","many":["5"],"fraction":"0.5","plain":6}"""
            Expect.equal (Tried.Write(codec, value)) text "written"
            survives codec typeof<NumbersAsText> value
            let numbers = """{"whole":3.0,"maybe":null,"many":[5.0],"fraction":0.5,"plain":6}"""
            Expect.equal (Tried.Read(codec, numbers) :?> NumbersAsText).Whole 3L "numbers are read as well"

            Expect.equal
                (Tried.Write(
                    Codec.Json<AllNumbersAsText>(),
                    AllNumbersAsText(1L, [| 2 |], Dictionary(dict [ "a", 3uy ]))
                ))
                """{"whole":"1","many":["2"],"byName":{"a":"3"}}"""
                "everywhere in a type that says so"
        }
    ]

let tests = testSequenced (testList "The type of a result" [ refused; accepted ])
