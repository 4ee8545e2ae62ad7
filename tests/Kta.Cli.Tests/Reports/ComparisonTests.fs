module Kta.Cli.Tests.Reports.ComparisonTests

open System
open System.Text.RegularExpressions
open Expecto
open Kta.Functional.Simulation
open Kta.Functional.Reports
open Kta.Cli.Tests.Reports.ReportTests

let private compared = [
    lazy ComparedRun("break-even", Runs.run.Value)
    lazy ComparedRun("ds2", Runs.other.Value)
    lazy ComparedRun("static peak", Runs.still.Value)
]

let runs: ComparedRun list Lazy = lazy (compared |> List.map _.Value)
let front = lazy List.ofSeq (ClairvoyantOptimum.Front(Runs.orders, 6))

let private page =
    lazy ComparisonReport.ToHtml("Three rules", runs.Value, front.Value, "kta compare orders.yaml")

/// The rows of the tables: the numbers of each column, and whether it is marked.
let private rows (page: string) = [
    for row in Regex.Matches(page, "<tr><th scope=\"row\"><label>.*?</tr>", RegexOptions.Singleline) do
        Map [
            for cell in
                Regex.Matches(row.Value, "<td( class=\"best\")?><span data-figure=\"(\w+)\" data-value=\"([^\"]+)\"") do
                cell.Groups[2].Value,
                (Double.Parse(cell.Groups[3].Value, Globalization.CultureInfo.InvariantCulture), cell.Groups[1].Success)
        ]
]

let tests =
    testList "The report of a comparison" [
        test "marks the best of every column, all of them where several are" {
            let rows = rows page.Value
            Expect.equal rows.Length 3 "a row for each run"

            for name in rows.Head.Keys do
                let least = rows |> List.map (fun row -> fst row[name]) |> List.min

                for row in rows do
                    Expect.equal (snd row[name]) (fst row[name] = least) name

            Expect.equal
                (rows |> List.map (fun row -> fst row["instanceHours"]))
                (runs.Value |> List.map _.Figures.InstanceHours)
                "hours"
        }

        test "compares only what saw the same load" {
            let page =
                ComparisonReport.ToHtml(
                    "Two loads",
                    ComparedRun("an hour", Runs.simulate Runs.ds2 Runs.hour) :: runs.Value
                )

            let rows = rows page
            Expect.isFalse (snd rows.Head["instanceHours"]) "who is alone is not best"

            Expect.equal
                (rows.Tail |> List.filter (fun row -> snd row["instanceHours"])).Length
                1
                "and one of the others"

            Expect.equal ((dataOf "data" page).GetProperty("groups").GetArrayLength()) 2 "groups"
        }

        test "has the clairvoyant's front, and says which runs are on theirs" {
            let data = dataOf "data" page.Value

            let points = [
                for one in data.GetProperty("groups").[0].GetProperty("front").EnumerateArray() ->
                    one[0].GetDouble(), one[1].GetDouble()
            ]

            let figures = front.Value |> List.map _.Figures |> List.sortBy _.InstanceHours

            for (hours, above), expected in List.zip points figures do
                Expect.floatClose Accuracy.low hours expected.InstanceHours "hours"
                Expect.floatClose Accuracy.low above expected.TimeAboveObjective "above"

            let onFront = [
                for one in data.GetProperty("runs").EnumerateArray() -> one.GetProperty("onFront").GetBoolean()
            ]

            let expected =
                runs.Value
                |> List.map (fun one ->
                    runs.Value
                    |> List.forall (fun other ->
                        other.Figures.InstanceHours > one.Figures.InstanceHours
                        || other.Figures.TimeAboveObjective > one.Figures.TimeAboveObjective
                        || Object.ReferenceEquals(one, other)))

            Expect.equal onFront expected "on the front"
        }

        test "asks nothing of any host, and shows names as they are" {
            let page =
                ComparisonReport.ToHtml(
                    Runs.evil,
                    [ ComparedRun(Runs.evil, Runs.ofEvilNames.Value, Runs.evil, Runs.evil) ],
                    [],
                    Runs.evil
                )

            Expect.equal (fetches page) [] "what a browser would fetch"
            Expect.isFalse (page.Contains Runs.evil) "nothing ends an element"
        }

        test "stays under 6 MB with sixty runs of a day" {
            let page =
                ComparisonReport.ToHtml("Many", [ for i in 1..60 -> ComparedRun($"run {i}", Runs.day.Value) ])

            Expect.isLessThan (Text.Encoding.UTF8.GetByteCount page) 6_000_000 "bytes"
        }

        test "needs a run" {
            let problem =
                Expect.throwsC (fun () -> ComparisonReport.ToHtml("None", []) |> ignore) (fun problem ->
                    problem.Message)

            Expect.stringStarts problem "A comparison needs at least one run." "message"
        }
    ]
