using Kta.Functional;
using Kta.Functional.Files;
using Kta.Functional.Monitoring;

namespace Kta.Cli;

/// <summary>Makes the queries of a ready-made set of its object in a file.</summary>
internal static class PrometheusSetFile
{
    private const string WindowWords = "a time of at least 1 s, in whole milliseconds";

    /// <summary>What each set has beside the common members.</summary>
    private static readonly Dictionary<string, string[]> s_members = new()
    {
        ["flink"] = ["job", "busy"],
        ["kafkaStreams"] = ["label"],
        ["kafkaExporter"] = ["group", "topics"],
        ["cAdvisor"] = ["namespace"],
    };

    /// <summary>The queries; none if something is wrong with the set, which is a problem of the file.</summary>
    internal static IReadOnlyList<PrometheusQuery> Read(YamlValue value, IReadOnlyList<(string Name, YamlValue Value)> members)
    {
        if (new YamlObject(value, members).Required("set", "the name of a set") is not { } set || set.Text("the name of a set") is not { } name)
        {
            return [];
        }

        if (!s_members.TryGetValue(name, out var own))
        {
            set.Add($"\"{name}\" is no set{SimilarName.Hint(name, s_members.Keys)}");
            return [];
        }

        var one = value.Object("a set", ["set", "matchers", "window", .. own])!;
        var matchers = one["matchers"]?.Text("label matchers in PromQL, such as namespace=\"shop\"");
        var window = one["window"]?.Time(WindowWords, time => time >= TimeSpan.FromSeconds(1) && time.Ticks % TimeSpan.TicksPerMillisecond == 0);
        return name switch
        {
            "flink" => one.Required("job", "the name of the job")?.Text("the name of the job") is { } job
                ? PrometheusQueries.Flink(job, matchers, window, BusyOf(one))
                : [],
            "kafkaStreams" => PrometheusQueries.KafkaStreams(one["label"]?.Text("the label that names the node") ?? "job", matchers, window),
            "kafkaExporter" => KafkaExporter(one, matchers, window),
            _ => one.Required("namespace", "the namespace of the Deployments")?.Text("the namespace of the Deployments") is { } space
                ? PrometheusQueries.CAdvisor(space, matchers, window)
                : [],
        };
    }

    private static FlinkAggregation BusyOf(YamlObject one)
    {
        const string Words = "average or maximum, of the instances";
        return one["busy"] is not { } value ? FlinkAggregation.Average
            : value.Text(Words) switch
            {
                null or "average" => FlinkAggregation.Average,
                "maximum" => FlinkAggregation.Maximum,
                _ => value.Wrong<FlinkAggregation>(Words),
            };
    }

    private static IReadOnlyList<PrometheusQuery> KafkaExporter(YamlObject one, string? matchers, TimeSpan? window)
    {
        var topics = one["topics"] is { } given ? TopicsOf(given) : null;
        return one.Required("group", "the consumer group")?.Text("the consumer group") is { } group
            ? PrometheusQueries.KafkaExporter(group, topics, matchers, window)
            : [];
    }

    private static List<KeyValuePair<TopologyNode, string>> TopicsOf(YamlValue value)
    {
        var topics = new List<KeyValuePair<TopologyNode, string>>();
        const string Words = "an object with a topic, or a list of topics, for each source";
        const string NamesWords = "a topic, or a list of topics";
        var sources = value.Members(Words);
        if (sources is [])
        {
            value.Add($"expected {Words}, found none");
        }

        foreach (var (id, names) in sources ?? [])
        {
            var all = names.IsText ? [names] : names.Items(NamesWords);
            if (all is [])
            {
                names.Add($"expected {NamesWords}, found none");
            }

            if (NodeText.Of(id, names) is { } node)
            {
                topics.AddRange((all ?? []).Select(topic => topic.Text("the name of a topic")).OfType<string>().Select(topic => KeyValuePair.Create(node, topic)));
            }
        }

        return topics;
    }
}
