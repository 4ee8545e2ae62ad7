using Kta.Functional.Recording;
using Kta.Functional.Simulation;

namespace Kta.Functional.Files;

/// <content>Traces that stand in files of their own.</content>
internal sealed partial class TraceReader
{
    private Trace? CsvFile(YamlObject one)
    {
        if (PathOf(one, "a CSV file of seconds,rate") is not ({ } value, { } name))
        {
            return null;
        }

        try
        {
            using var reader = new StreamReader(Path.Combine(folder, name));
            return Trace.Csv(reader, name);
        }
        catch (FileProblemException wrong)
        {
            value.Add(wrong.Problems);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            value.Add($"the file cannot be read: {error.Message}");
        }

        return null;
    }

    private Trace? Recorded(YamlObject one, string source)
    {
        if (PathOf(one, "a recording") is not ({ } value, { } name) || Loaded(value, name) is not { } load)
        {
            return null;
        }

        var wanted = one["node"]?.Text("the name of a node of the recording") ?? source;
        var found = load.Topologies.Where(topology => topology.Traces.Keys.Any(node => node.ToString() == wanted)).ToList();
        if (found is [var only])
        {
            return only.Traces.First(pair => pair.Key.ToString() == wanted).Value;
        }

        var nodes = load.Topologies.SelectMany(topology => topology.Traces.Keys).Select(node => node.ToString()).Distinct().ToList();
        (one["node"] ?? value).Add(
            found.Count > 1 ? $"\"{wanted}\" is a node of {found.Count} topologies of {name}: record them apart"
            : nodes.Count == 0 ? $"{name} holds no arrival rates. {load.ToString().ReplaceLineEndings(" ")}"
            : $"\"{wanted}\" has no arrival rates in {name}; these have: {string.Join(", ", nodes)}");
        return null;
    }

    private RecordedLoad? Loaded(YamlValue value, string name)
    {
        if (!_recordings.TryGetValue(name, out var load))
        {
            try
            {
                load = RecordedLoad.Of(CallRecording.Read(Path.Combine(folder, name)));
                _notes.AddRange(load.ToString().Split('\n').Select(line => $"{name}: {line}"));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                value.Add($"the recording cannot be read: {error.Message}");
            }

            _recordings[name] = load;
        }

        return load;
    }

    private static (YamlValue? Value, string? Name) PathOf(YamlObject one, string expected) =>
        one.Required("path", expected) is not { } value ? default
        : value.Text($"the path of {expected}") is not { } name ? (value, null)
        : (value, name.Contains('\0') ? value.Wrong<string>($"the path of {expected}") : name);
}
