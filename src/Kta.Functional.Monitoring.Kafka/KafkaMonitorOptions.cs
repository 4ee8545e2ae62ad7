using System.Text.RegularExpressions;

namespace Kta.Functional.Monitoring.Kafka;

/// <summary>Which cluster is asked, as whom, and what its groups and topics are to the topology.</summary>
/// <remarks>Immutable. Secrets show in no text, message or log.</remarks>
/// <param name="BootstrapServers">The first brokers to ask, with commas between them: <c>broker-1:9092,broker-2:9092</c>.</param>
/// <param name="Sources">The sources of the topology, each node once.</param>
public sealed partial record KafkaMonitorOptions(string BootstrapServers, IReadOnlyList<KafkaSource> Sources)
{
    internal const string TimeoutWords = "0.1 s to 10 min";

    private static readonly string[] s_own = ["bootstrap.servers", "metadata.broker.list", "allow.auto.create.topics"];

    /// <summary>What a partition counts of which the group has committed nothing. Default: the lag is not known.</summary>
    public UncommittedPartitions Uncommitted { get; init; }

    /// <summary>
    /// Settings of the client by the names of librdkafka: <c>security.protocol</c>, <c>sasl.username</c>, <c>ssl.ca.location</c> and so on.
    /// They are passed on as they are. The brokers and <c>allow.auto.create.topics</c> are none of them.
    /// </summary>
    public IReadOnlyDictionary<string, string> ClientSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>A file with the password, <c>sasl.password</c>; read when the monitor is created.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>
    /// How long the client waits for an answer. 0.1 s to 10 min, default 3 s: below the time of a step, for only then it is told why a broker
    /// does not answer.
    /// </summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Is told what is no failure but worth knowing, in a sentence without secrets: why a number is absent, for example. With the client's
    /// setting <c>debug</c> also what the client logs. Called on any thread.
    /// </summary>
    public Action<string>? OnNote { get; init; }

    /// <summary>The cluster and the sources; no settings of the client.</summary>
    public override string ToString() =>
        $"{(BootstrapServers.Contains('@', StringComparison.Ordinal) ? "***" : BootstrapServers)}: {string.Join(", ", Sources.Select(source => $"{source.Node} reads {string.Join(", ", source.Topics)}{(source.Group is null ? "" : $" as {source.Group}")}"))}";

    /// <exception cref="ArgumentException">Something does not fit; everything that does not is named.</exception>
    internal KafkaMonitorOptions Checked()
    {
        var settings = ClientSettings ?? new Dictionary<string, string>();
        string[] problems =
        [
            .. Found(ServerProblem(BootstrapServers)),
            .. When(Sources is not { Count: > 0 }, "there is no source"),
            .. (Sources ?? []).SelectMany(ProblemsOf),
            .. (Sources ?? []).Where(source => source?.Node is not null).GroupBy(source => source.Node).Where(same => same.Count() > 1)
                .Select(same => $"{same.Key} is given twice; a source may read several topics as one group"),
            .. When(!Enum.IsDefined(Uncommitted), $"uncommitted is {Uncommitted}, which is no choice there is"),
            .. When(!IsTimeout(RequestTimeout), FormattableString.Invariant($"the request timeout has to be {TimeoutWords}, got {RequestTimeout.TotalSeconds} s")),
            .. settings.Where(setting => setting.Value is null).Select(setting => $"{setting.Key} is null"),
            .. settings.SelectMany(setting => Found(SettingProblem(setting.Key, PasswordFile))),
        ];
        return problems.Length == 0
            ? this with { Sources = [.. Sources!.Select(source => source with { Topics = [.. source.Topics] })], ClientSettings = settings.ToDictionary() }
            : throw new ArgumentException($"The options of the Kafka monitor are wrong: {string.Join("; ", problems)}.");
    }

    /// <summary>What is wrong with the list of brokers; null for nothing.</summary>
    internal static string? ServerProblem(string? servers) =>
        string.IsNullOrWhiteSpace(servers) ? "there is no broker, such as broker:9092"
        : servers.Contains("http://", StringComparison.OrdinalIgnoreCase) || servers.Contains("https://", StringComparison.OrdinalIgnoreCase)
            ? "brokers are host:port with commas between them; Kafka does not speak HTTP"
        : servers.Contains('@', StringComparison.Ordinal)
            ? "brokers are host:port with commas between them, without a user: who asks is given by sasl.username and a password"
            : null;

    /// <summary>What is wrong with the name of a topic; null for nothing.</summary>
    internal static string? TopicProblem(string? topic) =>
        topic is not null && TopicName().IsMatch(topic)
            ? null
            : $"'{topic}' is no name of a topic: letters, digits, '.', '_' and '-', at most 249; patterns are not read";

    /// <summary>What is wrong with a setting of the client; null for nothing.</summary>
    internal static string? SettingProblem(string name, string? passwordFile) =>
        s_own.Contains(name, StringComparer.Ordinal) ? $"{name} is no setting of the client here, for the monitor sets it itself"
        : name == "sasl.password" && passwordFile is not null ? "a password is given twice, as text and as a file"
        : null;

    internal static bool IsTimeout(TimeSpan timeout) => timeout >= TimeSpan.FromSeconds(0.1) && timeout <= TimeSpan.FromMinutes(10);

    private static string[] ProblemsOf(KafkaSource? source) => source switch
    {
        null => ["a source is null"],
        { Node: null } => ["the node of a source is null"],
        { Group: "" } => [$"the group of {source.Node} has no name"],
        { Topics: null or { Count: 0 } } => [$"{source.Node} has no topic"],
        _ =>
        [
            .. source.Topics.SelectMany(topic => Found(TopicProblem(topic))).Select(problem => $"{source.Node}: {problem}"),
            .. source.Topics.GroupBy(topic => topic).Where(same => same.Count() > 1).Select(same => $"{source.Node} has the topic {same.Key} twice"),
        ],
    };

    private static string[] When(bool isWrong, string problem) => isWrong ? [problem] : [];

    private static string[] Found(string? problem) => problem is null ? [] : [problem];

    [GeneratedRegex(@"^(?!\.{1,2}\z)[a-zA-Z0-9._-]{1,249}\z")]
    private static partial Regex TopicName();
}
