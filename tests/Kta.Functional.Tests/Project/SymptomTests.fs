/// The page of symptoms quotes what the code says.
module Kta.Functional.Tests.Project.SymptomTests

open System
open System.Text.RegularExpressions
open Expecto
open Kta.Functional.Tests

let private page = "docs/troubleshooting.md"

/// Literals that are joined over lines are one text.
let private code =
    lazy
        (Repository.files
         |> List.filter (fun file -> file.StartsWith "src/" && (file.EndsWith ".cs" || file.EndsWith ".fs"))
         |> List.map Repository.read
         |> String.concat "\n"
         |> fun text -> Regex.Replace(text, "\"\\s*\\+?\\s*\\n\\s*\\+?\\s*\\$?\"", ""))

let private symptoms = [
    for row in (Repository.read page).Split '\n' do
        if row.StartsWith "| " then
            row.Split(" | ")[0]
]

/// What is said elsewhere: by compilers and by the machine.
let private byOthers = [ "valid in the given context"; "address already in use" ]

/// The words of a quoted message, without what differs from case to case.
let private phrases (symptom: string) = [
    for quoted in Regex.Matches(symptom, "`([^`]+)`") do
        let text = quoted.Groups[1].Value

        if text.Contains ' ' && not (Regex.IsMatch(text, "=>|use!|let!|\\bStep\\b")) then
            for piece in Regex.Split(text, @"…|\d+|NaN|\bstep\b|Task|<|>|'\w+'|\$\.\S*|\{\}") do
                let piece = piece.Trim(' ', ':', '.', ',')

                if piece.Split(' ').Length > 1 && not (byOthers |> List.exists piece.Contains) then
                    piece
]

let tests =
    testList "The symptoms" [
        test "that quote a message quote one the code has" {
            let strangers =
                symptoms
                |> List.collect phrases
                |> List.filter (fun phrase -> not (code.Value.Contains phrase))

            Expect.isNonEmpty (symptoms |> List.collect phrases) "there are some"
            Expect.equal strangers [] "messages nobody says"
        }

        test "stand once each" {
            let twice =
                symptoms
                |> List.countBy id
                |> List.filter (fun (symptom, count) ->
                    count > 1 && symptom <> "| symptom" && not (symptom.StartsWith "|---"))

            Expect.equal twice [] "two rows for one symptom"
        }
    ]
