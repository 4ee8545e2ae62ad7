/// Reading application files in tests.
module Kta.Functional.Tests.Files.Reading

open System
open System.IO
open Kta.Functional.Files
open Kta.Functional.Simulation

let read (text: string) = (ApplicationFile.Parse(text, "orders.yaml")).Application

let problemsIn (folder: string) (text: string) : string list =
    try
        ApplicationFile.Parse(text, "orders.yaml", folder) |> ignore
        []
    with :? FileProblemException as wrong -> [ for problem in wrong.Problems -> string problem ]

let problems = problemsIn "."

/// A small file with other lines in place of its trace.
let withTrace (trace: string) =
    $"operators: [{{ id: a, ratePerInstance: 100 }}]\nsources:\n  a: {trace}\nhours: 0.01"

/// A folder with files that is gone after the test.
let inFolder (files: (string * string) list) (work: string -> unit) =
    let folder = Directory.CreateTempSubdirectory("kta-files-").FullName

    try
        for name, text in files do
            File.WriteAllText(Path.Combine(folder, name), text)

        work folder
    finally
        Directory.Delete(folder, true)
