using System.Text.RegularExpressions;

namespace Kta.Functional.Monitoring.Kafka;

/// <summary>Which cluster is asked, as whom, and what its groups and topics are to the topology.</summary>
/// <remarks>Immutable. Secrets show in no text, message or log.</remarks>
/// <param name="BootstrapServers">The first brokers to ask, with commas between them: <c>broker-1:9092,broker-2:9092</c>.</param>
/// <param name="Sources">The sources of the topology, each node once.</param>
public sealed partial record KafkaMonitorOptions(string BootstrapServers, IReadOnlyList<KafkaSource> Sources)
{
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
        $"{BootstrapServers}: {string.Join(", ", Sources.Select(source => $"{source.Node} reads {string.Join(", ", source.Topics)} as {source.Group}"))}";

    /// <exception cref="ArgumentException">Something does not fit; everything that does not is named.</exception>
    internal KafkaMonitorOptions Checked()
    {
        string[] problems =
        [
            .. ServerProblems(BootstrapServers),
            .. When(Sources is not { Count: > 0 }, "there is no source"),
            .. (Sources ?? []).SelectMany(ProblemsOf),
            .. (Sources ?? []).Where(source => source?.Node is not null).GroupBy(source => source.Node).Where(same => same.Count() > 1)
                .Select(same => $"{same.Key} is given twice; a source may read several topics as one group"),
            .. When(!Enum.IsDefined(Uncommitted), $"uncommitted is {Uncommitted}, which is no choice there is"),
            .. When(RequestTimeout < TimeSpan.FromSeconds(0.1) || RequestTimeout > TimeSpan.FromMinutes(10), FormattableString.Invariant($"the request timeout has to be 0.1 s to 10 min, got {RequestTimeout.TotalSeconds} s")),
            .. (ClientSettings ?? new Dictionary<string, string>()).SelectMany(setting => SettingProblems(setting.Key, setting.Value)),
            .. When(PasswordFile is not null && ClientSettings?.ContainsKey("sasl.password") == true, "a password is given twice, as text and as a file"),
        ];
        return problems.Length == 0
            ? this with
            {
                Sources = [.. Sources!.Select(source => source with { Topics = [.. source.Topics] })],
                ClientSettings = (ClientSettings ?? new Dictionary<string, string>()).ToDictionary(),
            }
            : throw new ArgumentException($"The options of the Kafka monitor are wrong: {string.Join("; ", problems)}.");
    }

    private static string[] ServerProblems(string servers) =>
        string.IsNullOrWhiteSpace(servers) ? ["there is no broker, such as broker:9092"]
        : servers.Contains("http://", StringComparison.OrdinalIgnoreCase) || servers.Contains("https://", StringComparison.OrdinalIgnoreCase)
            ? ["the brokers are host:port with commas between them; Kafka does not speak HTTP"]
            : [];

    private static string[] ProblemsOf(KafkaSource? source) => source switch
    {
        null => ["a source is null"],
        { Node: null } => ["the node of a source is null"],
        { Group: null or "" } => [$"{source.Node} has no group"],
        { Topics: null or { Count: 0 } } => [$"{source.Node} has no topic"],
        _ =>
        [
            .. source.Topics.Where(topic => topic is null || !TopicName().IsMatch(topic))
                .Select(topic => $"'{topic}' of {source.Node} is no name of a topic: letters, digits, '.', '_' and '-', at most 249; patterns are not read"),
            .. source.Topics.GroupBy(topic => topic).Where(same => same.Count() > 1).Select(same => $"{source.Node} has the topic {same.Key} twice"),
        ],
    };

    private static string[] SettingProblems(string name, string value) =>
        s_own.Contains(name, StringComparer.Ordinal) ? [$"{name} is no setting of the client here, for the monitor sets it itself"]
        : value is null ? [$"{name} is null"]
        : [];

    private static string[] When(bool isWrong, string problem) => isWrong ? [problem] : [];

    [GeneratedRegex(@"^(?!\.{1,2}\z)[a-zA-Z0-9._-]{1,249}\z")]
    private static partial Regex TopicName();
}
