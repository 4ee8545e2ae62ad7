/// All programs of users, made and built once a run.
module Kta.Functional.Packages.Tests.Built

open System.IO
open Expecto

/// The templates; each makes a folder of this name. With a dash it is no name for C#, with a capital letter none for Kubernetes,
/// and one is also that of a class in it.
let templates = [
    "kta", "My-kta"
    "kta-class", "Scaling"
    "kta-fsharp", "My-kta-fsharp"
    "kta-script", "My-kta-script"
]

let private projects (folder: string) =
    Directory.GetFiles(Machine.path folder, "*.*proj", SearchOption.AllDirectories)
    |> Seq.map (fun file -> Path.GetRelativePath(Machine.folder, file))

type Output = {
    /// What `dotnet new` says, by template.
    Made: Map<string, string>
    /// What the build of everything prints.
    Build: string
}

let private all =
    lazy
        (Machine.useFeed (Packed.feed ())
         // Without a trace in the settings of whoever runs the tests.
         let dotnetNew arguments =
             Machine.succeed "" ("new" :: arguments @ [ "--debug:custom-hive"; Machine.path "hive" ])

         dotnetNew [ "install"; $"Kta.Functional.Templates@{Packed.version}" ] |> ignore
         let made = Map [ for name, folder in templates -> name, dotnetNew [ name; "-o"; folder ] ]

         let consumers = Consumers.write (Packed.ids () |> List.except [ "Kta.Cli"; "Kta.Functional.Templates" ])

         let listed = [
             for project in (templates |> Seq.collect (snd >> projects) |> List.ofSeq) @ consumers do
                 $"""  <Project Path="{project}" />"""
         ]

         Machine.write "all.slnx" $"""<Solution>{String.concat "\n" listed}</Solution>"""

         {
             Made = made
             Build = Machine.succeed "" [ "build"; "all.slnx"; "-m"; "-v"; "minimal"; "-nologo"; "--tl:off" ]
         })

let output () = all.Value

/// What is said after a template was made.
let saidBy (template: string) = (output ()).Made[template]

/// The folder of a template, with its projects built.
let folderOf (template: string) =
    output () |> ignore

    match List.tryFind (fst >> (=) template) templates with
    | Some(_, folder) -> folder
    | None -> failtest $"There is no template {template}."
