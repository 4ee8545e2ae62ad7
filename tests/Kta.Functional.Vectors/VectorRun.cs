using System.Text.Json;
using System.Text.Json.Nodes;
using Kta.Functional.Simulation;
using Kta.Functional.Vectors.Kinds;

namespace Kta.Functional.Vectors;

/// <summary>An operation: from the inputs of a case to what the function under test says.</summary>
public delegate JsonNode? Operation(Given given);

/// <summary>How far the number at a path of what is expected may be away, where that is not the same for the whole case.</summary>
public delegate Tolerance ToleranceAt(string path, Given given, Tolerance ofCase);

/// <summary>The operations of a kind of file.</summary>
public sealed record VectorKind(IReadOnlyDictionary<string, Operation> Operations, ToleranceAt? ToleranceAt = null);

/// <summary>Reference cases in a file, run against the functions that the rules call.</summary>
public sealed record VectorRun(int Passed, int Failed)
{
    /// <summary>One line for each kind of file: nothing here computes anything.</summary>
    private static readonly Dictionary<string, VectorKind> s_kinds = new()
    {
        ["ds2"] = new(Ds2Operations.All),
        ["hpa"] = new(HpaOperations.All),
        ["keda-kafka"] = new(KafkaLagOperations.All),
        ["flink-autoscaler"] = new(FlinkOperations.All),
        ["break-even"] = new(BreakEvenOperations.All),
        ["simulation"] = new(SimulationOperations.All, SimulationOperations.ToleranceAt),
    };

    /// <summary>Runs all cases of a file and writes each difference and a last line with the counts.</summary>
    public static VectorRun Of(string file, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        JsonElement root;
        try
        {
            root = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return Refuse(output, $"{file} cannot be read: {error.Message}");
        }

        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("cases", out var cases) || cases.ValueKind != JsonValueKind.Array)
        {
            return Refuse(output, $"{file} has no list of cases.");
        }

        var kind = root.TryGetProperty("kind", out var named) ? named.ToString() : "";
        if (!s_kinds.TryGetValue(kind, out var known))
        {
            return Refuse(output, $"{file}: the kind '{kind}' is not known, known are: {string.Join(", ", s_kinds.Keys)}.");
        }

        return Run(cases, known, Tolerance.Stated(root), output);
    }

    private static VectorRun Run(
        JsonElement cases, VectorKind kind, Tolerance tolerance, TextWriter output)
    {
        var (passed, failed) = (0, 0);
        foreach (var item in cases.EnumerateArray())
        {
            var differences = DifferencesOf(item, kind, tolerance);
            if (differences.Count == 0)
            {
                passed++;
                continue;
            }

            failed++;
            var id = item.TryGetProperty("id", out var named) ? named.ToString() : $"case {passed + failed}";
            foreach (var difference in differences)
            {
                output.WriteLine($"{id}: {difference}");
            }
        }

        return Summed(output, new(passed, failed));
    }

    private static IReadOnlyList<string> DifferencesOf(JsonElement item, VectorKind kind, Tolerance tolerance)
    {
        if (!item.TryGetProperty("op", out var op) || !kind.Operations.TryGetValue(op.ToString(), out var operation))
        {
            return [$"the operation '{op}' is not known, known are: {string.Join(", ", kind.Operations.Keys)}"];
        }

        if (!item.TryGetProperty("given", out var json) || !item.TryGetProperty("expect", out var expected))
        {
            return ["the case needs 'given' and 'expect'"];
        }

        var given = new Given(json, "given");
        var ofCase = tolerance.OfCase(item);
        var refusal = expected.ValueKind == JsonValueKind.Object && expected.TryGetProperty("error", out var error) ? error.ToString() : null;
        try
        {
            var actual = operation(given);
            return refusal is null
                ? Comparison.Differences(expected, actual, path => kind.ToleranceAt?.Invoke(path, given, ofCase) ?? ofCase)
                : [$"expected a refusal ({refusal}), found {actual?.ToJsonString() ?? "null"}"];
        }
        catch (Exception thrown) when (thrown is ArgumentException or KtaException or FileProblemException)
        {
            return refusal is not null ? [] : [$"refused: {thrown.Message}"];
        }
        catch (Exception thrown)
        {
            return [$"{thrown.GetType().Name}: {thrown.Message}"];
        }
    }

    private static VectorRun Refuse(TextWriter output, string problem)
    {
        output.WriteLine(problem);
        return Summed(output, new(0, 1));
    }

    private static VectorRun Summed(TextWriter output, VectorRun run)
    {
        output.WriteLine($"{run.Passed} passed, {run.Failed} failed");
        return run;
    }
}
