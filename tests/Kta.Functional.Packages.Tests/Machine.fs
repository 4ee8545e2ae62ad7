/// Commands as a user gives them, in a folder outside of the repository.
module Kta.Functional.Packages.Tests.Machine

open System
open System.IO
open System.Text.RegularExpressions
open Expecto
open Kta.Functional.Tests

/// The packages of this machine. What is there is used, and nothing of ours is put there.
let private machinePackages =
    Environment.GetEnvironmentVariable "NUGET_PACKAGES"
    |> Option.ofObj
    |> Option.defaultValue (
        Path.Combine(Environment.GetFolderPath Environment.SpecialFolder.UserProfile, ".nuget", "packages")
    )

/// What else consumers need is kept here, for the next run.
let private packages = Repository.path "artifacts/consumers"

/// The folder of this run, gone when it ends.
let folder =
    let made = Directory.CreateTempSubdirectory "kta-packages-"
    AppDomain.CurrentDomain.ProcessExit.Add(fun _ -> made.Delete true)
    made.FullName

let path (relative: string) = Path.Combine(folder, relative)

let write (relative: string) (text: string) =
    Directory.CreateDirectory(Path.GetDirectoryName(path relative) |> Unchecked.nonNull)
    |> ignore

    File.WriteAllText(path relative, text)

let private environment = [
    "NUGET_PACKAGES", packages
    "MSBUILDDISABLENODEREUSE", "1"
    "DOTNET_CLI_TELEMETRY_OPTOUT", "1"
    "DOTNET_NOLOGO", "1"
    // What this program was started with is no setting of what it starts.
    "ASPNETCORE_URLS", "http://127.0.0.1:0"
]

/// Packages from a folder, beside those of this machine's own feed.
let useFeed (feed: string) =
    if Directory.Exists packages then
        for ours in Directory.GetDirectories(packages, "kta.*") do
            Directory.Delete(ours, true)

    Directory.CreateDirectory machinePackages |> ignore

    write
        "NuGet.config"
        $"""<configuration>
  <packageSources><add key="kta" value="{feed}" /></packageSources>
  <fallbackPackageFolders><add key="machine" value="{machinePackages}" /></fallbackPackageFolders>
</configuration>"""

/// Starts it in a folder of this run.
let start (place: string) (arguments: string list) = Processes.startIn (path place) "dotnet" environment arguments

/// Its exit code, and what it prints, without colours.
let run (place: string) (arguments: string list) =
    use started = start place arguments
    let errors = started.StandardError.ReadToEndAsync()
    let output = started.StandardOutput.ReadToEnd()
    started.WaitForExit()
    started.ExitCode, Regex.Replace(output + errors.Result, @"\x1b\[[0-9;]*m", "")

/// What it prints; it has to work.
let succeed (place: string) (arguments: string list) =
    let code, output = run place arguments
    Expect.equal code 0 $"dotnet {String.Join(' ', arguments)}:\n{output}"
    output
