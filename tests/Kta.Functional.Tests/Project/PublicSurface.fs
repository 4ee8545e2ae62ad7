/// Lists what an F# assembly shows, and compares with what is recorded.
module Kta.Functional.Tests.Project.PublicSurface

open System
open System.IO
open System.Reflection
open Expecto
open Kta.Functional.Tests

let rec typeName (t: Type) : string =
    if t.IsGenericParameter then
        t.Name
    elif t.IsArray then
        typeName (t.GetElementType() |> Unchecked.nonNull) + "[]"
    elif t.IsGenericType then
        let name = (t.FullName |> Option.ofObj |> Option.defaultValue t.Name).Split('[')[0]
        let arguments = t.GetGenericArguments() |> Array.map typeName |> String.concat ", "
        $"{name.Split('`')[0]}<{arguments}>"
    else
        t.FullName |> Option.ofObj |> Option.defaultValue t.Name

let private parameters (method: MethodBase) =
    [
        for p in method.GetParameters() ->
            let optional = if p.IsOptional then " = default" else ""
            $"{typeName p.ParameterType} {p.Name}{optional}"
    ]
    |> String.concat ", "

let private generics (method: MethodInfo) =
    match method.GetGenericArguments() with
    | [||] -> ""
    | arguments -> arguments |> Array.map typeName |> String.concat ", " |> sprintf "<%s>"

let private memberLine (owner: string) (info: MemberInfo) =
    match info with
    | :? ConstructorInfo as ctor -> Some $"{owner}.new({parameters ctor})"
    | :? PropertyInfo as property ->
        let setter =
            match property.SetMethod with
            | null -> ""
            | set when set.IsPublic -> " set"
            | _ -> ""

        Some $"{owner}.{property.Name}: {typeName property.PropertyType} get{setter}"
    | :? MethodInfo as method when
        method.IsSpecialName
        && (method.Name.StartsWith "get_" || method.Name.StartsWith "set_")
        ->
        None
    | :? MethodInfo as method ->
        let scope = if method.IsStatic then "static " else ""
        Some $"{scope}{owner}.{method.Name}{generics method}({parameters method}): {typeName method.ReturnType}"
    | :? FieldInfo as field -> Some $"{owner}.{field.Name}: {typeName field.FieldType}"
    | _ -> None

let listing (assembly: Assembly) =
    let flags =
        BindingFlags.Public
        ||| BindingFlags.Instance
        ||| BindingFlags.Static
        ||| BindingFlags.DeclaredOnly

    [
        for t in assembly.GetExportedTypes() |> Array.sortBy _.FullName do
            if not ((string t.FullName).StartsWith "<StartupCode$") then
                let owner = typeName t

                let kind =
                    if t.IsInterface then "interface"
                    elif t.IsValueType then "struct"
                    else "class"

                $"{kind} {owner}"
                yield! t.GetMembers flags |> Seq.choose (memberLine owner) |> Seq.sort
    ]

/// What the assembly shows is what is recorded.
let check (assembly: string) = test assembly {
    let file = Repository.path $"src/{assembly}/PublicAPI.txt"
    let actual = listing (Assembly.Load assembly)

    if Environment.GetEnvironmentVariable "KTA_RECORD_API" = "1" then
        File.WriteAllText(file, String.Join("\n", actual) + "\n")

    let recorded = File.ReadAllLines file |> List.ofArray
    let added = actual |> List.except recorded
    let removed = recorded |> List.except actual

    Expect.isTrue
        (added.IsEmpty && removed.IsEmpty)
        $"the public surface has changed; `dotnet fsi build.fsx api` records it. Added: %A{added}. Removed: %A{removed}"
}
