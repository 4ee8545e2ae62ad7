using System.Collections;
using Kta.Functional.Recording;
using static System.FormattableString;

namespace Kta.Functional.Testing;

/// <summary>The calls of a recording as test cases: the theory data of xUnit, the test case source of NUnit, a test list of Expecto.</summary>
/// <remarks>Calls without a decision are left out: the time was up, or the caller had gone. Steps that are served elsewhere can be left out with
/// <c>Where(one => one.Step == Step.Plan)</c>.</remarks>
/// <example>
/// <code>
/// private static readonly RecordedCases s_decisions = RecordedCases.Read("decisions.jsonl");
///
/// public static TheoryData&lt;string> Names => new(s_decisions.Names);
///
/// [Theory, MemberData(nameof(Names))]
/// public Task DecidesAsRecorded(string name) => s_decisions[name].CheckAsync(careful);
/// </code>
/// </example>
public sealed class RecordedCases : IReadOnlyList<RecordedCase>
{
    private readonly string _path;
    private readonly OrderedDictionary<string, RecordedCase> _byName = [];

    private RecordedCases(string path) => _path = path;

    /// <summary>How many there are; at least 1.</summary>
    public int Count => _byName.Count;

    /// <summary>Their names, each once, in the order of the recording.</summary>
    public IEnumerable<string> Names => _byName.Keys;

    /// <summary>A case by its place in the recording.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> - 1.</param>
    public RecordedCase this[int index] => _byName.GetAt(index).Value;

    /// <summary>A case by its name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="KeyNotFoundException">There is no such case.</exception>
    public RecordedCase this[string name] =>
        _byName.TryGetValue(name, out var found)
            ? found
            : throw new KeyNotFoundException(Invariant($"{_path} has no case '{name}'; it has {Count}, from '{this[0].Name}' to '{this[Count - 1].Name}'."));

    /// <summary>Reads a recording with all its rotated files.</summary>
    /// <param name="path">The recording. A relative path begins at the folder of the test program, where <c>CopyToOutputDirectory</c> puts files; in
    /// a script that is the SDK's folder: <c>Path.Combine(__SOURCE_DIRECTORY__, "decisions.jsonl")</c>.</param>
    /// <param name="allowIncomplete">Whether lines that cannot be read, missing files and dropped calls are accepted.</param>
    /// <exception cref="FileNotFoundException">There is no such recording.</exception>
    /// <exception cref="InvalidDataException">There is no call to test, or the recording is not complete.</exception>
    public static RecordedCases Read(string path, bool allowIncomplete = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var cases = new RecordedCases(path);
        var iterations = new Dictionary<string, int>();
        foreach (var line in Lines(path))
        {
            if (!allowIncomplete && (line.Problem ?? (line.Dropped > 0 ? Invariant($"{line.Dropped} calls were dropped by the recorder here") : null)) is { } problem)
            {
                throw new InvalidDataException(
                    Invariant($"{path} is not complete: line {line.Number}: {problem}. RecordedCases.Read(path, allowIncomplete: true) accepts that."));
            }

            if (line.Call is { } call && ReplayRun.WithoutDecision(call) is null)
            {
                cases.Add(call, line, iterations);
            }
        }

        return cases.Count > 0 ? cases : throw new InvalidDataException($"{path} has no call with a decision, so there is nothing to test.");
    }

    private static IEnumerable<RecordedLine> Lines(string path)
    {
        try
        {
            return CallRecording.Read(Path.GetFullPath(path, AppContext.BaseDirectory));
        }
        catch (FileNotFoundException missing) when (!Path.IsPathFullyQualified(path))
        {
            throw new FileNotFoundException(
                $"{missing.Message} A relative path begins at the folder of the test program; in a script that is the SDK's folder. "
                + $"Put the file there with CopyToOutputDirectory, or give its absolute path: in a script Path.Combine(__SOURCE_DIRECTORY__, \"{Path.GetFileName(path)}\").",
                missing.FileName,
                missing);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<RecordedCase> GetEnumerator() => _byName.Values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Add(CallRecord call, RecordedLine line, Dictionary<string, int> iterations)
    {
        var id = ReplayRun.IterationId(call.Request.Span);
        if (id is not null)
        {
            iterations.TryAdd(id, iterations.Count + 1);
        }

        var asked = id is null ? Invariant($"line {line.Number}, {call.Step.Name()}") : Invariant($"iteration {iterations[id]}, {call.Step.Name()}");
        var name = asked;
        for (var number = 2; _byName.ContainsKey(name); number++)
        {
            name = Invariant($"{asked}, call {number}");
        }

        _byName.Add(name, new(name, call, line));
    }
}
