/// What is said about application files that cannot be read.
module Kta.Functional.Tests.Files.FileProblemTests

open Expecto
open Kta.Functional.Tests.Files.Reading

let tests =
    testList "Problems of application files" [
        test "everything that is wrong is told at once, with lines and members" {
            Expect.equal
                (problems
                    """name: orders
operators:
  - { id: source, ratePerInstance: 50000, exponent: 0.97 }
  - { id: map, ratePerInstance: fast }
  - { id: agg, ratePerInstance: -3, selectivty: 2, maxParallelism: 0.5 }
edges: [[source, map], [map, ag]]
parallelism: { source: 0, mapp: 3 }
sources:
  source: { kind: cosine, mean: 150000, amplitude: 100000, period: "1 hour" }
downtime: 30 seconds
warmup: 60s
limits: { min: 3, max: 1 }
objective: 10s
noise: 2
hours: 0
seed: 1.5""")
                [
                    "orders.yaml:4: operators[1].ratePerInstance: expected a positive number of records per second, found \"fast\""
                    "orders.yaml:5: operators[2].selectivty: is not known, did you mean selectivity?"
                    "orders.yaml:5: operators[2].maxParallelism: expected a whole number of at least 1, found 0.5"
                    "orders.yaml:5: operators[2].ratePerInstance: expected a positive number of records per second, found -3"
                    "orders.yaml:6: edges[1][1]: expected one of source, map, agg, found ag"
                    "orders.yaml:7: parallelism.source: expected a whole number of at least 1, found 0"
                    "orders.yaml:7: parallelism.mapp: expected one of source, map, agg, found mapp"
                    "orders.yaml:9: sources.source.period: expected a time above 0: seconds, or a number with ms, s, min, h or d, found \"1 hour\""
                    "orders.yaml:10: downtime: expected a time: seconds, or a number with ms, s, min, h or d, found \"30 seconds\""
                    "orders.yaml:11: warmup: is not known, did you mean warmUp?"
                    "orders.yaml:12: limits.max: expected a whole number of at least limits.min, 3, found 1"
                    "orders.yaml:13: objective: expected an object with lag, and latency if it counts, found \"10s\""
                    "orders.yaml:14: noise: expected a number from 0 to 1, found 2"
                    "orders.yaml:15: hours: expected a positive number of hours, found 0"
                    "orders.yaml:16: seed: expected a whole number, found 1.5"
                ]
                "all problems"
        }

        testList "wrong traces" [
            for trace, problem in
                [
                    "{ mean: 5 }",
                    "sources.a: kind is missing: expected one of constant, steps, cosine, ramp, spikes, walk, daily, debs, file, recording, sum, product"
                    "{ kind: [1] }", "sources.a.kind: expected the name of a kind of trace, found a list"
                    "{ kind: cosinus, mean: 5 }",
                    "sources.a.kind: \"cosinus\" is no kind of trace, did you mean cosine?"
                    "{ kind: constant }",
                    "sources.a: value is missing: expected records per second, a number of at least 0"
                    "{ kind: constant, value: -1 }",
                    "sources.a.value: expected records per second, a number of at least 0, found -1"
                    "{ kind: constant, value: .nan }",
                    "sources.a.value: expected records per second, a number of at least 0, found \".nan\""
                    "{ kind: constant, value: \"5\" }",
                    "sources.a.value: expected records per second, a number of at least 0, found \"5\""
                    "{ kind: constant, value: 5, rate: 6 }",
                    "sources.a.rate: is not known; known are kind, noise, noiseEvery, offset, value"
                    "{ kind: steps, points: [] }", "sources.a.points: expected at least one point, found a list"
                    "{ kind: steps, points: 7 }", "sources.a.points: expected a list of [second, rate], found 7"
                    "{ kind: steps, points: [[5, 1]] }",
                    "sources.a.points[0][0]: expected second 0 for the first point, found 5"
                    "{ kind: steps, points: [[0, 1], [60, 2], [60, 3]] }",
                    "sources.a.points[2][0]: expected a second after 60, found 60"
                    "{ kind: steps, points: [[0, 1, 2]] }", "sources.a.points[0]: expected [second, rate], found a list"
                    "{ kind: spikes, base: 1, height: 2, first: 0, every: 5, length: 6 }",
                    "sources.a.every: expected a time of at least length, found 5"
                    "{ kind: daily, low: 5, high: 4 }", "sources.a.high: expected a rate of at least low, found 4"
                    "{ kind: debs, pattern: sine, query: 1 }",
                    "sources.a.pattern: expected one of cosine, random, increase, decrease, convergence, found \"sine\""
                    "{ kind: debs, pattern: cosine, query: 2 }", "sources.a.query: expected one of q1, q3, q11, found 2"
                    "{ kind: sum, of: [] }", "sources.a.of: expected at least one trace, found a list"
                    "{ kind: sum, of: [1, { kind: ramp, from: 1, to: 2, over: 0 }] }",
                    "sources.a.of[1].over: expected a time above 0: seconds, or a number with ms, s, min, h or d, found 0"
                    "{ kind: constant, value: 5, noise: loud }",
                    "sources.a.noise: expected a number from 0 to 10, found \"loud\""
                    "{ kind: constant, value: 1,5 }",
                    "sources.a.5: is not known; known are kind, noise, noiseEvery, offset, value"
                    "{ kind: constant, value: 1, nois: }", "sources.a.nois: is not known, did you mean noise?"
                    "~",
                    "sources.a: expected a trace: an object with a kind, or a number of records per second, found nothing"
                    "fast",
                    "sources.a: expected a trace: an object with a kind, or a number of records per second, found \"fast\""
                ] do
                test trace { Expect.equal (problems (withTrace trace)) [ $"orders.yaml:3: {problem}" ] "the problem" }
        ]

        test "what is no YAML, no document, or no application is told with its line" {
            Expect.stringStarts (List.exactlyOne (problems "operators: [1, 2\nsources: {")) "orders.yaml:" "not closed"

            Expect.stringContains
                (List.exactlyOne (problems "a: 1\na: 2"))
                "orders.yaml:2: this is no YAML"
                "a member twice"

            Expect.equal (problems "") [ "orders.yaml: expected one YAML document, found 0" ] "nothing"
            Expect.equal (problems "a: 1\n---\nb: 2") [ "orders.yaml: expected one YAML document, found 2" ] "two"

            Expect.equal
                (problems "[1, 2]")
                [ "orders.yaml:1: expected an application: an object with operators and sources, found a list" ]
                "a list"

            Expect.equal
                (problems "name: x")
                [
                    "orders.yaml:1: operators is missing: expected a list of operators"
                    "orders.yaml:1: sources is missing: expected an object with a trace for each source"
                ]
                "neither operators nor sources"
        }

        test "a name that nobody knows is told, whatever stands behind it" {
            Expect.equal
                (problems (
                    withTrace "1"
                    + "\ndowntme:\nparallelism: { b: ~, a: }\nlimits: { maximum: null }"
                ))
                [
                    "orders.yaml:5: downtme: is not known, did you mean downtime?"
                    "orders.yaml:6: parallelism.b: expected a whole number of at least 1, found nothing"
                    "orders.yaml:6: parallelism.a: expected a whole number of at least 1, found nothing"
                    "orders.yaml:7: limits.maximum: is not known; known are min, max"
                ]
                "the problems"
        }

        test "the line is the one where what is no YAML stands" {
            for text, line in
                [
                    "a: 1\nb: 2\nc: *nowhere\nd: 4", 3
                    "operators:\n  - { id: a }\n\t- { id: b }\nsources: 1", 3
                    "a: 1\nb:\n  c: 1\n\td: 1\ne: 3", 4
                    "a: 1\nb: 4000\u0000\nc: 3", 2
                ] do
                Expect.stringStarts
                    (List.exactlyOne (problems text))
                    $"orders.yaml:{line}: this is no YAML: "
                    (text.ReplaceLineEndings " | ")
        }

        test "what can be no path is no file" {
            for kind in [ "file"; "recording" ] do
                Expect.stringStarts
                    (List.exactlyOne (problems (withTrace $"{{ kind: {kind}, path: \"a\\0b\" }}")))
                    "orders.yaml:3: sources.a.path: expected the path of a "
                    kind
        }

        test "a trace that holds itself is refused" {
            let found =
                problems
                    "operators: [{ id: a, ratePerInstance: 1 }]\nsources:\n  a: &trace { kind: sum, of: [1, *trace] }"

            Expect.stringContains (String.concat "\n" found) "traces within traces 16 deep at most" "the problem"
        }

        test "aliases of aliases do not make billions of traces" {
            let ninth (alias: int) = List.replicate 9 $"*t{alias}" |> String.concat ", "
            let sums = [ for i in 1..12 -> $"      - &t{i} {{ kind: sum, of: [{ninth (i - 1)}] }}" ]

            let lines =
                [ "operators: [{ id: a, ratePerInstance: 1 }]"; "sources:"; "  a:"; "    kind: sum"; "    of:" ]
                @ [ "      - &t0 { kind: constant, value: 1 }" ]
                @ sums

            Expect.stringContains
                (problems (String.concat "\n" lines) |> String.concat "\n")
                "there are more than 1000 traces in the file"
                "the problem"
        }

        test "what is nested without end is refused before it ends the process" {
            for opened in [ "["; "{a: "; "- " ] do
                let found = problems (String.replicate 100_000 opened)

                Expect.equal
                    found
                    [ "orders.yaml:1: this is no YAML: lists and objects are nested more than 64 deep." ]
                    opened
        }
    ]
