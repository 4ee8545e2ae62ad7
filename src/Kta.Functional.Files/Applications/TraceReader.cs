using Kta.Functional.Simulation;
using static System.FormattableString;

namespace Kta.Functional.Files;

/// <summary>Makes traces of their objects in a file, and of the files those name.</summary>
internal sealed partial class TraceReader(string folder)
{
    /// <summary>A trace that holds itself by an alias would never end.</summary>
    private const int Deepest = 16;

    /// <summary>Aliases of aliases would make billions of a few lines.</summary>
    private const int Most = 1_000;

    private const string RateWords = "records per second, a number of at least 0";

    private static readonly string[] s_common = ["kind", "noise", "noiseEvery", "offset"];

    /// <summary>What each kind has beside the common members.</summary>
    private static readonly Dictionary<string, string[]> s_members = new()
    {
        ["constant"] = ["value"],
        ["steps"] = ["points"],
        ["cosine"] = ["mean", "amplitude", "period"],
        ["ramp"] = ["from", "to", "over"],
        ["spikes"] = ["base", "height", "first", "every", "length"],
        ["walk"] = ["start", "step", "seed"],
        ["daily"] = ["low", "high", "seed"],
        ["debs"] = ["pattern", "query", "seed", "spikeChance"],
        ["file"] = ["path"],
        ["recording"] = ["path", "node"],
        ["sum"] = ["of"],
        ["product"] = ["of"],
    };

    private readonly List<string> _notes = [];
    private readonly Dictionary<string, RecordedLoad?> _recordings = [];
    private int _count;

    /// <summary>What one should know about the files.</summary>
    internal IReadOnlyList<string> Notes => _notes;

    /// <summary>The trace, or null if something is wrong with it.</summary>
    internal Trace? Read(YamlValue value, string source) => Read(value, source, 1);

    private Trace? Read(YamlValue value, string source, int depth)
    {
        const string Expected = "a trace: an object with a kind, or a number of records per second";
        if (++_count > Most)
        {
            if (_count == Most + 1)
            {
                value.Add(Invariant($"there are more than {Most} traces in the file"));
            }

            return null;
        }

        if (value.IsNumber)
        {
            return value.Number(RateWords, IsRate) is { } rate ? Trace.Constant(rate) : null;
        }

        if (value.Members(Expected) is not { } members)
        {
            return null;
        }

        if (new YamlObject(value, members).Required("kind", $"one of {string.Join(", ", s_members.Keys)}") is not { } kind)
        {
            return null;
        }

        if (kind.Text("the name of a kind of trace") is not { } name)
        {
            return null;
        }

        if (!s_members.TryGetValue(name, out var own))
        {
            kind.Add($"\"{name}\" is no kind of trace{SimilarName.Hint(name, s_members.Keys)}");
            return null;
        }

        var one = value.Object(Expected, [.. s_common, .. own])!;
        return depth > Deepest
            ? value.Wrong<Trace>($"traces within traces {Deepest} deep at most")
            : Changed(one, Made(one, name, source, depth));
    }

    private static Trace? Changed(YamlObject one, Trace? trace)
    {
        var noise = one["noise"]?.Number("a number from 0 to 10", number => number is >= 0 and <= 10);
        var every = one["noiseEvery"]?.Time("a time of at least 1 s", time => time >= TimeSpan.FromSeconds(1));
        var offset = one["offset"]?.Time("a time of at least 0", time => time >= TimeSpan.Zero);
        trace = offset is { } later ? trace?.Offset(later) : trace;
        return noise is { } amount ? trace?.WithNoise(amount, every) : trace;
    }

    private Trace? Made(YamlObject one, string kind, string source, int depth) => kind switch
    {
        "constant" => Rate(one, "value") is { } value ? Trace.Constant(value) : null,
        "steps" => Steps(one),
        "cosine" => (Rate(one, "mean"), Rate(one, "amplitude"), Time(one, "period")) is ({ } mean, { } amplitude, { } period)
            ? Trace.Cosine(mean, amplitude, period)
            : null,
        "ramp" => (Rate(one, "from"), Rate(one, "to"), Time(one, "over")) is ({ } from, { } to, { } over) ? Trace.Ramp(from, to, over) : null,
        "spikes" => Spikes(one),
        "walk" => (Rate(one, "start"), Rate(one, "step")) is ({ } start, { } step) ? Trace.Walk(start, step, Seed(one)) : null,
        "daily" => Daily(one),
        "debs" => Debs(one),
        "file" => CsvFile(one),
        "recording" => Recorded(one, source),
        _ => Combined(one, kind, source, depth),
    };

    private static Trace? Steps(YamlObject one)
    {
        var points = new List<(double, double)>();
        var (isFine, last) = (true, -1.0);
        if (one.Required("points", "a list of [second, rate]")?.Items("a list of [second, rate]") is not { } items)
        {
            return null;
        }

        foreach (var item in items)
        {
            var expected = points.Count == 0 ? "second 0 for the first point" : Invariant($"a second after {last}");
            var before = last;
            var pair = item.Items("[second, rate]");
            if (pair is not [var at, var rate])
            {
                isFine = pair is null ? false : item.Wrong<bool>("[second, rate]");
            }
            else if ((at.Time(expected, time => points.Count == 0 ? time == TimeSpan.Zero : time.TotalSeconds > before), rate.Number(RateWords, IsRate)) is ({ } second, { } number))
            {
                points.Add((second.TotalSeconds, number));
                last = second.TotalSeconds;
            }
            else
            {
                isFine = false;
            }
        }

        return items.Count == 0 ? one["points"]!.Value.Wrong<Trace>("at least one point")
            : isFine ? Trace.Steps([.. points])
            : null;
    }

    private static Trace? Spikes(YamlObject one)
    {
        var (low, height) = (Rate(one, "base"), Rate(one, "height"));
        var first = one.Required("first", "a time")?.Time("a time of at least 0", time => time >= TimeSpan.Zero);
        var length = Time(one, "length");
        var every = one.Required("every", "a time")?.Time("a time of at least length", time => time >= (length ?? TimeSpan.Zero));
        return (low, height, first, every, length) is ({ } b, { } h, { } f, { } e, { } l) ? Trace.Spikes(b, h, f, e, l) : null;
    }

    private static Trace? Daily(YamlObject one)
    {
        var low = Rate(one, "low");
        var high = one.Required("high", RateWords)?.Number("a rate of at least low", rate => IsRate(rate) && rate >= (low ?? 0));
        return (low, high) is ({ } l, { } h) ? Trace.Daily(l, h, Seed(one)) : null;
    }

    private static Trace? Debs(YamlObject one)
    {
        var pattern = Word<DebsPattern>(one, "pattern", text => text);
        var query = Word<NexmarkQuery>(one, "query", text => char.IsAsciiDigit(text[0]) ? $"q{text}" : text);
        var chance = one["spikeChance"]?.Number("a number from 0 to 1", number => number is >= 0 and <= 1);
        return (pattern, query) is ({ } p, { } q) ? Trace.Debs(p, q, Seed(one), chance ?? 0) : null;
    }

    private Trace? Combined(YamlObject one, string kind, string source, int depth)
    {
        var parts = one.Required("of", "a list of traces")?.Items("a list of traces")?.Select(part => Read(part, source, depth + 1)).ToList();
        return parts switch
        {
            null => null,
            [] => one["of"]!.Value.Wrong<Trace>("at least one trace"),
            _ when parts.Contains(null) => null,
            _ when kind == "sum" => Trace.Sum([.. parts!]),
            _ => Trace.Product([.. parts!]),
        };
    }

    private static T? Word<T>(YamlObject one, string name, Func<string, string> read)
        where T : struct, Enum
    {
        var expected = $"one of {string.Join(", ", Enum.GetNames<T>().Select(word => word.ToLowerInvariant()))}";
        return one.Required(name, expected) is not { } value || value.Text(expected) is not { } text ? null
            : Enum.GetNames<T>().FirstOrDefault(word => word.Equals(read(text), StringComparison.OrdinalIgnoreCase)) is { } found ? Enum.Parse<T>(found)
            : value.Wrong<T?>(expected);
    }

    private static bool IsRate(double number) => number is >= 0 and <= 1e12;

    private static double? Rate(YamlObject one, string name) => one.Required(name, RateWords)?.Number(RateWords, IsRate);

    private static TimeSpan? Time(YamlObject one, string name) =>
        one.Required(name, "a time above 0")?.Time("a time above 0: seconds, or a number with ms, s, min, h or d", time => time > TimeSpan.Zero);

    private static long? Seed(YamlObject one) => one["seed"]?.WideWhole("a whole number");
}
