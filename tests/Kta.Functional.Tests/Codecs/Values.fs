/// Values of any type, made and compared field by field, without asking a serializer.
module Kta.Functional.Tests.Codecs.Values

open System
open System.Collections
open System.Collections.Generic
open System.Collections.Immutable
open System.Linq
open System.Numerics
open System.Reflection
open System.Runtime.CompilerServices
open System.Text.Json
open FSharp.Reflection
open Kta.Functional

let private everything =
    BindingFlags.Instance
    ||| BindingFlags.Public
    ||| BindingFlags.NonPublic
    ||| BindingFlags.DeclaredOnly

let rec private fieldsOf (kind: Type | null) : FieldInfo list =
    match kind with
    | null -> []
    | kind when kind = typeof<obj> || kind = typeof<ValueType> -> []
    | kind -> List.ofArray (kind.GetFields everything) @ fieldsOf kind.BaseType

let private isMadeOf (kind: Type) (parts: Type list) =
    kind.IsGenericType && List.contains (kind.GetGenericTypeDefinition()) parts

let private fromItems = [
    typedefof<Stack<_>>
    typedefof<Queue<_>>
    typedefof<HashSet<_>>
    typedefof<LinkedList<_>>
    typedefof<Concurrent.ConcurrentStack<_>>
    typedefof<Concurrent.ConcurrentQueue<_>>
    typedefof<List<_>>
]

type Builder =
    static member Items<'T>(items: (obj | null) list) : seq<'T> = items.Cast<'T>().ToArray() :> seq<'T>
    static member FSharpList<'T>(items: (obj | null) list) : obj = box (List.ofSeq (Builder.Items<'T> items)) |> nonNull

    static member Immutable<'T>(items: (obj | null) list) : obj =
        box (ImmutableList.CreateRange(Builder.Items<'T> items)) |> nonNull

    static member Map<'K, 'V when 'K: comparison>(pairs: (obj * (obj | null)) list) : obj =
        box (Map [ for key, value in pairs -> unbox<'K> key, unbox<'V> value ])
        |> nonNull

let private build (name: string) (types: Type array) (argument: obj) : obj =
    let method = typeof<Builder>.GetMethod name |> nonNull
    method.MakeGenericMethod(types).Invoke(null, [| argument |]) |> nonNull

let private interfaces = [
    typedefof<IReadOnlyList<_>>
    typedefof<IList<_>>
    typedefof<IEnumerable<_>>
    typedefof<ICollection<_>>
]

/// Some value of a type; of a type that refers to itself, one with an end.
let rec make (random: Random) (depth: int) (kind: Type) : obj | null =
    let inner = make random (depth + 1)
    // A type that refers to itself ends here.
    let isDeep = depth > 6
    let items kind = [ for _ in 1 .. (if isDeep then 0 else random.Next 4) -> inner kind ]
    let keys kind = items kind |> List.map nonNull

    if kind = typeof<int> then
        box (random.Next(-5, 1000))
    elif kind = typeof<byte> then
        box (byte (random.Next 256))
    elif kind = typeof<int64> then
        box (random.NextInt64())
    elif kind = typeof<double> then
        box (random.NextDouble() * 1e6)
    elif kind = typeof<decimal> then
        box (decimal (random.Next 1000) / 7m)
    elif kind = typeof<bool> then
        box (random.Next 2 = 1)
    elif kind = typeof<string> then
        box $"text %d{random.Next 100} ü🚀\"\\"
    elif kind = typeof<obj> then
        box (random.Next 10)
    elif kind = typeof<Guid> then
        box (Guid.NewGuid())
    elif kind = typeof<DateTimeOffset> then
        box (DateTimeOffset(2026, 1, 1 + random.Next 28, 1, 2, 3, TimeSpan.FromHours 2.0))
    elif kind = typeof<TimeSpan> then
        box (TimeSpan(random.NextInt64(1L <<< 50)))
    elif kind = typeof<BigInteger> then
        box (BigInteger.Pow(random.Next(2, 99), 70))
    elif kind = typeof<Complex> then
        box (Complex(random.NextDouble(), 1.0))
    elif kind = typeof<JsonElement> then
        box (JsonDocument.Parse("""{"a":[1,{}]}""").RootElement)
    elif kind = typeof<TopologyNode> then
        box (TopologyNode.Deployment $"n%d{random.Next 9}")
    elif kind = typeof<ScaleTargetRef> then
        box (TopologyNode.Deployment $"n%d{random.Next 9}")
    elif kind.IsEnum then
        Enum.GetValues(kind).GetValue(random.Next(Enum.GetValues(kind).Length))
    elif kind.IsArray then
        let element = kind.GetElementType() |> nonNull
        let all = items element
        let array = Array.CreateInstance(element, all.Length)
        all |> List.iteri (fun i item -> array.SetValue(item, i))
        array
    elif not (isNull (Nullable.GetUnderlyingType kind)) then
        if random.Next 2 = 0 then
            null
        else
            inner (nonNull (Nullable.GetUnderlyingType kind))
    elif isMadeOf kind fromItems then
        let arguments = kind.GetGenericArguments()
        // Items that are compared by reference are never twice in a set, and what is read may be the same object.
        let most = if isMadeOf kind [ typedefof<HashSet<_>> ] then 1 else 9
        Activator.CreateInstance(kind, [| build "Items" arguments (List.truncate most (items arguments[0])) |])
    elif isMadeOf kind interfaces then
        let arguments = kind.GetGenericArguments()
        inner (typedefof<List<_>>.MakeGenericType arguments)
    elif isMadeOf kind [ typedefof<list<_>> ] then
        build "FSharpList" (kind.GetGenericArguments()) (items (kind.GetGenericArguments()[0]))
    elif isMadeOf kind [ typedefof<ImmutableList<_>> ] then
        build "Immutable" (kind.GetGenericArguments()) (items (kind.GetGenericArguments()[0]))
    elif isMadeOf kind [ typedefof<Map<_, _>> ] then
        let arguments = kind.GetGenericArguments()
        build "Map" arguments (keys arguments[0] |> List.map (fun key -> key, inner arguments[1]))
    elif isMadeOf kind [ typedefof<Dictionary<_, _>> ] then
        let arguments = kind.GetGenericArguments()
        let made = nonNull (Activator.CreateInstance kind) :?> IDictionary

        for key in keys arguments[0] do
            made[key] <- inner arguments[1]

        made
    elif FSharpType.IsTuple kind then
        FSharpValue.MakeTuple([| for element in FSharpType.GetTupleElements kind -> inner element |], kind)
    elif FSharpType.IsUnion kind then
        let cases = FSharpType.GetUnionCases kind
        let case = cases[if isDeep then 0 else random.Next cases.Length]
        FSharpValue.MakeUnion(case, [| for field in case.GetFields() -> inner field.PropertyType |])
    elif FSharpType.IsRecord kind then
        FSharpValue.MakeRecord(kind, [| for field in FSharpType.GetRecordFields kind -> inner field.PropertyType |])
    elif kind.IsAbstract || kind.IsInterface then
        null
    else
        let isRoot = isNull (kind.GetConstructor [||])

        let value =
            if isRoot then
                RuntimeHelpers.GetUninitializedObject kind
            else
                Activator.CreateInstance kind |> nonNull

        match value, kind.BaseType with
        | :? IList as list, NonNull parent ->
            for item in items (parent.GetGenericArguments()[0]) do
                list.Add item |> ignore
        | _ -> ()

        for field in fieldsOf kind do
            if (nonNull field.DeclaringType).Namespace <> "System.Collections.Generic" then
                let recurses = field.FieldType = kind

                field.SetValue(
                    value,
                    (if recurses && depth > 2 then
                         null
                     else
                         inner field.FieldType)
                )

        value

/// What is the same in all fields, and in order.
let rec same (a: obj | null) (b: obj | null) : bool =
    match a, b with
    | null, null -> true
    | null, _
    | _, null -> false
    | (:? JsonElement as a), (:? JsonElement as b) -> JsonElement.DeepEquals(a, b)
    | a, b when a.GetType() <> b.GetType() -> false
    | a, b when (a.GetType().IsPrimitive || a :? string || a :? IFormattable || a :? TopologyNode) -> a.Equals b
    | (:? IDictionary as a), (:? IDictionary as b) ->
        a.Count = b.Count
        && (a.Keys.Cast<obj>()
            |> Seq.forall (fun key -> b.Contains key && same a[key] b[key]))
    | (:? IEnumerable as x), (:? IEnumerable as y) ->
        let x, y = x.Cast<obj | null>() |> List.ofSeq, y.Cast<obj | null>() |> List.ofSeq
        x.Length = y.Length && List.forall2 same x y && sameBeside a b
    | a, b ->
        fieldsOf (a.GetType())
        |> List.forall (fun field -> same (field.GetValue a) (field.GetValue b))

/// What a collection of one's own has beside its items.
and private sameBeside (a: obj | null) (b: obj | null) =
    fieldsOf ((nonNull a).GetType())
    |> List.filter (fun field -> (nonNull field.DeclaringType).Namespace = "Kta.Functional.Tests.CSharp.Shapes")
    |> List.forall (fun field -> same (field.GetValue a) (field.GetValue b))
