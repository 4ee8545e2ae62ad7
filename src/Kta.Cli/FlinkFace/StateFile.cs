using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kta.Cli;

/// <summary>What a simulated Flink has to remember to go on where it was, as JSON lines.</summary>
/// <remarks>
/// A line about the application, one for each event, and a last one with the present second. That last line has always the same length and is
/// written over; everything before it stays. What a crash leaves of an unfinished line is dropped. Only one process has it open.
/// </remarks>
internal sealed class StateFile : IDisposable
{
    private const int Version = 1;
    private readonly FileStream _file;
    private long _end;

    private StateFile(FileStream file, StateHeader header, IReadOnlyList<FlinkEvent> events, long second, long end) =>
        (_file, Header, Events, Second, _end) = (file, header, events, second, end);

    internal StateHeader Header { get; }

    /// <summary>What it held when it was opened.</summary>
    internal IReadOnlyList<FlinkEvent> Events { get; }

    internal long Second { get; }

    /// <summary>Opens a file, or begins one with this header.</summary>
    /// <exception cref="CommandFailedException">It is of another application, or no such file.</exception>
    internal static StateFile Open(string path, StateHeader header)
    {
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
        try
        {
            var state = file.Length == 0 ? Begin(file, header) : Read(path, file);
            return state.Header.Fingerprint == header.Fingerprint
                ? state
                : throw new CommandFailedException(
                    $"{path} is the state of {state.Header.Application}, and not of {header.Application} as it is described now. " +
                    "Give the application it was begun with, another --state, or delete the file to begin anew.");
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Adds an event; it is on the disk when this returns.</summary>
    internal void Add(FlinkEvent happened)
    {
        var line = Line(EventJson(happened));
        Write([.. line, .. Mark(happened.Second)]);
        _end += line.Length;
        _file.Flush(flushToDisk: true);
    }

    /// <summary>Remembers how far the simulation is.</summary>
    internal void Reach(long second) => Write(Mark(second));

    public void Dispose() => _file.Dispose();

    private static StateFile Begin(FileStream file, StateHeader header)
    {
        var line = Line(new JsonObject
        {
            ["ktaFlink"] = Version,
            ["application"] = header.Application,
            ["fingerprint"] = header.Fingerprint,
            ["slots"] = header.Slots,
            ["startedAt"] = header.StartedAt,
        });
        file.Write([.. line, .. Mark(0)]);
        file.Flush(flushToDisk: true);
        return new(file, header, [], 0, line.Length);
    }

    private static StateFile Read(string path, FileStream file)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        StateHeader? header = null;
        var (events, second, start, end) = (new List<FlinkEvent>(), 0L, 0, 0L);
        for (var number = 1; start < bytes.Length; number++)
        {
            var length = bytes.AsSpan(start).IndexOf((byte)'\n') + 1;
            var isLast = length == 0 || start + length == bytes.Length;
            var line = length == 0 ? null : Parsed(bytes.AsSpan(start, length));
            if (header is null)
            {
                header = line is null ? null : HeaderOf(line);
                end = length;
                _ = header ?? throw new CommandFailedException(
                    $"{path} is there, and is no state of kta flink. Give another --state, or delete the file to begin anew.");
            }
            else if (line is not null && EventOf(line) is { } happened)
            {
                events.Add(happened);
                (second, end) = (happened.Second, start + length);
            }
            else if (line?["second"] is JsonValue mark && mark.TryGetValue<long>(out var reached))
            {
                second = Math.Max(second, reached);
            }
            else if (!isLast)
            {
                throw new CommandFailedException($"{path}:{number}: this line is damaged, and there are others behind it. Delete the file to begin anew.");
            }

            start = length == 0 ? bytes.Length : start + length;
        }

        file.SetLength(end);
        var state = new StateFile(file, header!, events, second, end);
        state.Reach(second);
        return state;
    }

    private static JsonObject? Parsed(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static StateHeader? HeaderOf(JsonObject line)
    {
        try
        {
            return (int?)line["ktaFlink"] == Version
                ? new((string)line["application"]!, (string)line["fingerprint"]!, (int)line["slots"]!, (long)line["startedAt"]!)
                : null;
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or NullReferenceException)
        {
            return null;
        }
    }

    private static FlinkEvent? EventOf(JsonObject line)
    {
        try
        {
            return line.ContainsKey("body") ? new RequirementsRequest((long)line["second"]!, (int)line["status"]!, (string)line["body"]!)
                : line.ContainsKey("slots") ? new SlotsChange((long)line["second"]!, (int)line["slots"]!)
                : null;
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or NullReferenceException or ArgumentNullException)
        {
            return null;
        }
    }

    private static JsonObject EventJson(FlinkEvent happened) => happened switch
    {
        RequirementsRequest request => new() { ["second"] = request.Second, ["status"] = request.Status, ["body"] = request.Body },
        SlotsChange change => new() { ["second"] = change.Second, ["slots"] = change.Slots },
        _ => throw new NotSupportedException(happened.GetType().Name),
    };

    private static byte[] Line(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString() + "\n");

    private static byte[] Mark(long second) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"second\":{second,20}}}\n"));

    private void Write(byte[] bytes)
    {
        _file.Position = _end;
        _file.Write(bytes);
    }
}

/// <summary>What a state belongs to.</summary>
/// <param name="Application">The name of the application.</param>
/// <param name="Fingerprint">Of its description and its traces.</param>
/// <param name="Slots">At the beginning.</param>
/// <param name="StartedAt">When the job was submitted, in milliseconds since 1970.</param>
internal sealed record StateHeader(string Application, string Fingerprint, int Slots, long StartedAt);
