using Kta.Functional;
using Kta.Functional.Files;
using Kta.Functional.Monitoring.Kafka;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Makes the options of a Kafka monitor of a file: <c>--monitor kafka:FILE</c>.</summary>
internal static class KafkaFile
{
    private const string Servers = "the brokers, such as broker-1:9092,broker-2:9092";
    private const string Sources = "a list of sources, each with node and topics";
    private const string Topics = "a list with the names of topics";

    private static readonly Dictionary<string, UncommittedPartitions> s_uncommitted = new()
    {
        ["unknown"] = UncommittedPartitions.Unknown,
        ["fromBeginning"] = UncommittedPartitions.FromBeginning,
        ["nothing"] = UncommittedPartitions.Nothing,
    };

    /// <exception cref="FileProblemException">Something is wrong with it; names every problem with line and member.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    internal static KafkaMonitorOptions Read(string path) =>
        Parse(File.ReadAllText(path), path, Path.GetDirectoryName(Path.GetFullPath(path))!);

    /// <param name="text">YAML or JSON.</param>
    /// <param name="name">What problems call the file.</param>
    /// <param name="folder">Where files are that it names.</param>
    /// <exception cref="FileProblemException">Something is wrong with it.</exception>
    internal static KafkaMonitorOptions Parse(string text, string name, string folder)
    {
        var (file, root) = YamlFile.Parse(text, name);
        var options = OptionsOf(root, folder);
        return options is not null && file.IsFine ? options : throw new FileProblemException(file.Problems);
    }

    private static KafkaMonitorOptions? OptionsOf(YamlValue root, string folder)
    {
        var all = root.Object(
            "an object with bootstrapServers and sources", "bootstrapServers", "settings", "passwordFile", "requestTimeout", "uncommitted", "sources");
        if (all is null)
        {
            return null;
        }

        var servers = all.Required("bootstrapServers", Servers) is { } brokers ? Right(brokers, brokers.Text(Servers), KafkaMonitorOptions.ServerProblem) : null;
        var password = ServerFile.FileOf(all, "passwordFile", folder);
        var settings = SettingsOf(all, password);
        var timeout = all["requestTimeout"]?.Time($"a time of {KafkaMonitorOptions.TimeoutWords}", KafkaMonitorOptions.IsTimeout);
        var uncommitted = all["uncommitted"] is { } choice ? UncommittedOf(choice) : UncommittedPartitions.Unknown;
        var sources = all.Required("sources", Sources) is { } list ? SourcesOf(list) : [];
        if (servers is null)
        {
            return null;
        }

        var options = new KafkaMonitorOptions(servers, sources) { ClientSettings = settings, PasswordFile = password, Uncommitted = uncommitted };
        return timeout is { } given ? options with { RequestTimeout = given } : options;
    }

    private static Dictionary<string, string> SettingsOf(YamlObject all, string? password)
    {
        var settings = new Dictionary<string, string>();
        foreach (var (name, value) in all["settings"]?.Members("an object with settings of librdkafka") ?? [])
        {
            if (Right(value, value.Text("the value of a setting"), _ => KafkaMonitorOptions.SettingProblem(name, password)) is { } text)
            {
                settings[name] = text;
            }
        }

        return settings;
    }

    private static UncommittedPartitions UncommittedOf(YamlValue value)
    {
        if (value.Text("unknown, fromBeginning or nothing") is not { } word)
        {
            return default;
        }

        if (s_uncommitted.TryGetValue(word, out var choice))
        {
            return choice;
        }

        value.Add($"\"{word}\" is no choice{SimilarName.Hint(word, s_uncommitted.Keys)}");
        return default;
    }

    private static List<KafkaSource> SourcesOf(YamlValue list)
    {
        var (found, values) = (new List<KafkaSource>(), list.Items(Sources));
        foreach (var value in values ?? [])
        {
            if (SourceOf(value) is { } source)
            {
                if (found.Exists(other => other.Node == source.Node))
                {
                    value.Add($"{source.Node} is there already; a source may read several topics as one group");
                }

                found.Add(source);
            }
        }

        if (values is [])
        {
            list.Add("there are no sources");
        }

        return found;
    }

    private static KafkaSource? SourceOf(YamlValue value)
    {
        var one = value.Object("a source: an object with node and topics, and with group for its lag", "node", "group", "topics");
        var node = one?.Required("node", "the id of a node of the topology") is { } id ? NodeText.Of(id) : null;
        var group = one?["group"]?.Text("the name of the consumer group");
        foreach (var (_, empty) in (one is null ? null : value.Members(""))?.Where(member => member is { Name: "group", Value.IsNull: true }) ?? [])
        {
            empty.Add("is empty: give the name of the consumer group, or leave it out if only what arrives is wanted");
        }

        var topics = one?.Required("topics", Topics) is { } list ? TopicsOf(list) : null;
        return node is not null && topics is not null ? new(node, group, topics) : null;
    }

    private static List<string> TopicsOf(YamlValue list)
    {
        var (found, values) = (new List<string>(), list.IsText ? [list] : list.Items(Topics));
        foreach (var value in values ?? [])
        {
            if (Right(value, value.Text("the name of a topic"), KafkaMonitorOptions.TopicProblem) is { } topic)
            {
                if (found.Contains(topic))
                {
                    value.Add("is there already");
                }

                found.Add(topic);
            }
        }

        if (values is [])
        {
            list.Add("there are no topics");
        }

        return found;
    }

    /// <summary>The text, if the monitor has no problem with it.</summary>
    private static string? Right(YamlValue value, string? text, Func<string, string?> problemOf)
    {
        if (text is null || problemOf(text) is not { } problem)
        {
            return text;
        }

        value.Add(problem);
        return null;
    }
}
