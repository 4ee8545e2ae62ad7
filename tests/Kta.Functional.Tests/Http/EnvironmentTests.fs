/// A program of one's own in the environments it gets from others.
module Kta.Functional.Tests.Http.EnvironmentTests

open System
open System.Diagnostics
open System.IO
open System.Text.Json
open Expecto
open Kta.Functional.Tests

/// What .NET's container images set.
let private image = [
    "ASPNETCORE_HTTP_PORTS", "8080"
    "DOTNET_RUNNING_IN_CONTAINER", "true"
    "DOTNET_EnableDiagnostics", "0"
]

/// Where it listens.
let private addressIn environment arguments = task {
    use started = OwnProgram.startWith environment arguments

    try
        return! Processes.addressOf started
    finally
        started.Kill()
}

/// The first lines it says, or all of them if it ends: another process may have the port it wants.
let private firstWords (started: Process) = task {
    try
        let mutable said = ""
        let mutable goesOn = true

        while goesOn do
            let! line = started.StandardOutput.ReadLineAsync()
            said <- said + string line + "\n"
            goesOn <- not (isNull line || said.Contains "Serving")

        if said.Contains "Serving" then
            return said
        else
            let! errors = started.StandardError.ReadToEndAsync()
            return said + errors
    finally
        started.Kill()
}

let private ports =
    testList "It listens" [
        testCaseTask "on 8096 in a container image that names 8080, and says why"
        <| fun () -> task {
            use started = OwnProgram.startWith image []
            let! said = firstWords started
            Expect.stringContains said "0.0.0.0:8096" "where manifest and policy say"

            if said.Contains "Serving" then
                Expect.stringContains
                    said
                    "HTTP_PORTS=8080 comes with .NET's container images and is not followed"
                    "why"

                Expect.isFalse (said.Contains "warn") "which is no reason to worry"
        }

        testCaseTask "on another port that the environment names"
        <| fun () -> task {
            let! address = addressIn [ "ASPNETCORE_HTTP_PORTS", "0" ] []
            Expect.notEqual address.Port 8096 "chosen by somebody"
        }

        testCaseTask "on 8080 if its arguments say so"
        <| fun () -> task {
            use started = OwnProgram.startWith image [ "--http_ports"; "8080" ]
            let! said = firstWords started
            Expect.stringContains said ":8080" "that is somebody's choice"
        }

        testCaseTask "where ASPNETCORE_URLS says, also in an image"
        <| fun () -> task {
            let! address = addressIn (("ASPNETCORE_URLS", "http://127.0.0.1:0") :: image) []
            Expect.equal address.Host "127.0.0.1" "chosen by somebody"
        }

        testCaseTask "where Kta__Host and Kta__Port say, also if there are URLs"
        <| fun () -> task {
            let! address =
                addressIn
                    ([ "ASPNETCORE_URLS", "http://127.0.0.2:0"; "Kta__Host", "127.0.0.1"; "Kta__Port", "0" ]
                     @ image)
                    []

            Expect.equal address.Host "127.0.0.1" "the settings of ours"
        }

        for arguments in [ [ "--host"; "127.0.0.1"; "--port"; "0" ]; [ "--host=127.0.0.1"; "--port=0" ] ] do
            let shown = String.Join(" ", arguments)

            testCaseTask $"where {shown} says"
            <| fun () -> task {
                let! address = addressIn image arguments
                Expect.equal address.Host "127.0.0.1" "passed on as Args"
                Expect.notEqual address.Port 8096 "with its port"
            }

        testCaseTask "nowhere if the port makes no sense, and says so"
        <| fun () -> task {
            use started = OwnProgram.start [ "--port"; "80_96" ]
            let! said, exitCode = OwnProgram.rest started
            Expect.notEqual exitCode 0 said
            Expect.stringContains said "The setting Kta:Port has to be a whole number; it is '80_96'." "which"
        }
    ]

let private logging =
    testCaseTask "It logs in the format that the environment names"
    <| fun () -> task {
        use started =
            OwnProgram.startWith [ "Logging__Console__FormatterName", "json" ] [ "--urls"; "http://127.0.0.1:0" ]

        try
            let! line = started.StandardOutput.ReadLineAsync()
            use entry = JsonDocument.Parse(nonNull line)
            Expect.equal (entry.RootElement.GetProperty("Category").GetString()) "Kta.Functional" "JSON"
        finally
            started.Kill()
    }

let private unprivileged =
    testCaseTask "It serves as a user that owns nothing, where nothing can be written"
    <| fun () -> task {
        let setpriv = "/usr/bin/setpriv"

        if Environment.UserName <> "root" || not (File.Exists setpriv) then
            skiptest "only root can become nobody"

        let arguments = [
            "--reuid=65534"
            "--regid=65534"
            "--clear-groups"
            "dotnet"
            OwnProgram.path
            "--host"
            "127.0.0.1"
            "--port"
            "0"
        ]

        let start =
            ProcessStartInfo(
                setpriv,
                arguments,
                WorkingDirectory = "/",
                RedirectStandardOutput = true,
                RedirectStandardError = true
            )

        for name, value in image @ [ "HOME", "/nowhere"; "TMPDIR", "/nowhere" ] do
            start.Environment[name] <- value

        use started = nonNull (Process.Start start)

        try
            let! address = Processes.addressOf started
            Expect.equal address.Host "127.0.0.1" "it serves"
        finally
            started.Kill()
    }

let tests =
    testSequenced (testList "In the environment of a container" [ ports; logging; unprivileged ])
