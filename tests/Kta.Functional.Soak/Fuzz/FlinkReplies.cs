using System.Globalization;
using System.Text;

namespace Kta.Functional.Soak.Fuzz;

/// <summary>A job manager of one job of two vertices, one of whose replies may be damaged; the same seed gives the same bytes.</summary>
internal sealed class FlinkReplies
{
    internal const string Source = "source";
    internal const string Map = "map";

    private const string Job = "d4f5a3b2c1d0e9f8a7b6c5d4e3f2a1b0";

    private static readonly string[] Metrics =
    [
        "busyTimeMsPerSecond", "idleTimeMsPerSecond", "backPressuredTimeMsPerSecond", "numRecordsInPerSecond", "numRecordsOutPerSecond",
        "buffers.inPoolUsage", "Source__Kafka.numRecordsInPerSecond", "Source__Kafka.pendingRecords",
        "0.Source__Kafka.KafkaSourceReader.topic.orders.partition.0.currentOffset",
    ];

    /// <summary>Those of a vertex that reads from others only.</summary>
    private static readonly string[] Inner = [.. Metrics.Take(6)];

    private static readonly string[] Oddities = ["\"NaN\"", "NaN", "0", "999.5", "1000.4", "17", "1.5E3", "-1", "null"];

    private readonly Dictionary<string, byte[]> _replies;

    internal FlinkReplies(int seed)
    {
        var random = new Random(seed);
        (string Path, Func<Random, string> Text)[] kinds =
        [
            ("jobs/overview", _ => $$"""{"jobs":[{"jid":"{{Job}}","name":"orders","start-time":1,"state":"RUNNING","tasks":{"total":2} }]}"""),
            ($"jobs/{Job}", Described),
            (MetricsOf(Source), _ => Names(Metrics)),
            (MetricsOf(Map), _ => Names(Inner)),
            (MetricsOf(Source) + "?", random => Measured(random, Metrics)),
            (MetricsOf(Map) + "?", random => Measured(random, Inner)),
        ];
        var damaged = random.Next(kinds.Length);
        _replies = kinds.Select((kind, i) => (kind.Path, Body: i == damaged ? Damage.Of(kind.Text, seed) : Encoding.UTF8.GetBytes(kind.Text(random))))
            .ToDictionary(kind => kind.Path, kind => kind.Body);
    }

    internal byte[] Details => _replies[$"jobs/{Job}"];

    internal byte[] Values(string vertex) => _replies[MetricsOf(vertex) + "?"];

    /// <summary>What is answered; nothing that JSON would be, where nobody answers.</summary>
    internal byte[] To(string path, bool asksForValues) => _replies.GetValueOrDefault(asksForValues ? path + "?" : path, []);

    public override string ToString() => string.Join("\n", _replies.Select(reply => $"{reply.Key}: {Encoding.UTF8.GetString(reply.Value)}"));

    private static string MetricsOf(string vertex) => $"jobs/{Job}/vertices/{vertex}/subtasks/metrics";

    private static string Described(Random random)
    {
        var complete = random.Next(5) > 0 ? "true" : "false";
        return $$"""
            {"jid":"{{Job}}","name":"orders","state":"{{(random.Next(6) > 0 ? "RUNNING" : "RESTARTING")}}","now":1700000600000,"timestamps":{"RUNNING":1700000000000},
             "vertices":[{{Vertex(Source, complete)}},{{Vertex(Map, complete)}}],
             "plan":{"nodes":[{"id":"{{Map}}","parallelism":3,"inputs":[{"num":0,"id":"{{Source}}","ship_strategy":"HASH"}]},{"id":"{{Source}}","parallelism":2} ] } }
            """;
    }

    private static string Vertex(string id, string complete) =>
        $$"""{"id":"{{id}}","name":"{{id}}","maxParallelism":128,"parallelism":3,"metrics":{"read-records-complete":{{complete}},"write-records-complete":true} }""";

    private static string Names(string[] metrics) => $"[{string.Join(",", metrics.Select(name => $$"""{"id":"{{name}}" }"""))}]";

    private static string Measured(Random random, string[] metrics) => $"[{string.Join(",", metrics.Select((name, i) => Value(random, name, i)))}]";

    private static string Value(Random random, string name, int i)
    {
        var value = random.Next(3) == 0 ? Oddities[random.Next(Oddities.Length)] : string.Create(CultureInfo.InvariantCulture, $"{random.Next(1_000)}.{i}");
        return $$"""{"id":"{{name}}","min":0.0,"max":{{value}},"avg":{{value}},"sum":{{value}}}""";
    }
}
