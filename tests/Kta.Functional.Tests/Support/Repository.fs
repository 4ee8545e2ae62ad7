/// The files of the project, for tests about the project itself.
module Kta.Functional.Tests.Repository

open System
open System.Diagnostics
open System.IO

let root: string =
    let rec up (folder: DirectoryInfo | null) =
        match folder with
        | null -> failwith "The tests run outside of a checkout: there is no Kta.Functional.sln above them."
        | folder when File.Exists(Path.Combine(folder.FullName, "Kta.Functional.sln")) -> folder.FullName
        | folder -> up folder.Parent

    up (DirectoryInfo AppContext.BaseDirectory)

let path (relative: string) = Path.Combine(root, relative)

let read (relative: string) = File.ReadAllText(path relative)

/// What git answers.
let git (arguments: string list) : string =
    let start = ProcessStartInfo("git", arguments, WorkingDirectory = root, RedirectStandardOutput = true)

    match Process.Start start with
    | null -> failwith "git did not start"
    | git ->
        use git = git
        let output = git.StandardOutput.ReadToEnd()
        git.WaitForExit()
        output

/// What git tracks or would track, relative to the root.
let files: string list =
    (git [ "ls-files"; "--cached"; "--others"; "--exclude-standard" ])
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
    |> Seq.distinct
    |> Seq.filter (path >> File.Exists)
    |> List.ofSeq
