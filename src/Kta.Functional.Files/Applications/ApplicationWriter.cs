using System.Globalization;
using System.Text;
using Kta.Functional.Simulation;

namespace Kta.Functional.Files;

/// <summary>Makes a file of an application, with the names that <see cref="ApplicationReader"/> knows. What is as by default is left out.</summary>
internal static class ApplicationWriter
{
    private static readonly Application s_defaults = new() { Operators = [], Sources = new Dictionary<TopologyNode, Trace>() };

    internal static string Write(Application application, string recording)
    {
        var text = new StringBuilder();
        Line("name", YamlText.Of(application.Name));
        text.Append("operators:\n");
        foreach (var one in application.Operators)
        {
            text.Append(CultureInfo.InvariantCulture, $"  - {Object(MembersOf(one))}\n");
        }

        if (application.Edges is { } edges)
        {
            Line("edges", List(edges.Select(edge => List([Id(edge.From), Id(edge.To)]))));
        }

        if (application.Parallelism is { } parallelism)
        {
            Line("parallelism", Object(parallelism.Select(pair => (Id(pair.Key), (string?)Number(pair.Value)))));
        }

        text.Append(application.Sources.Count == 0 ? "sources: {}\n" : "sources:\n");
        foreach (var node in application.Sources.Keys)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {Id(node)}: {Object([("kind", "recording"), ("path", YamlText.Of(recording)), ("node", Id(node))])}\n");
        }

        Line("bufferSeconds", Number(application.BufferSeconds));
        Line("downtime", Time(application.Downtime));
        Line("warmUp", Time(application.WarmUp));
        Line("interval", Time(application.Interval));
        Line("objective", Object([("lag", Time(application.Objective.Lag)), ("latency", application.Objective.Latency is { } latency ? Time(latency) : null)]));
        Line("limits", Object([("min", Number(application.Limits.Min)), ("max", Number(application.Limits.Max))]));
        Line("noise", Number(application.Noise));
        Line("hours", application.Duration is { } duration ? Number(duration.TotalHours) : null);
        Line("seed", application.Seed.ToString(CultureInfo.InvariantCulture));
        Line("checkpoints", application.Checkpoints is { } checkpoints
            ? Object([("interval", Time(checkpoints.Interval)), ("replay", Flag(checkpoints.Replay)), ("rescaleWaits", Flag(checkpoints.RescaleWaits))])
            : null);
        Line("rescaleCooldown", Unless(application.RescaleCooldown == s_defaults.RescaleCooldown, Time(application.RescaleCooldown)));
        Line("startUp", Unless(application.StartUp == s_defaults.StartUp, Time(application.StartUp)));
        Line("cluster", application.Cluster is { } cluster ? Object([("slots", Number(cluster.Slots)), ("startUp", Time(cluster.StartUp))]) : null);
        Line("outages", Unless(application.Outages.Count == 0, List(application.Outages.Select(outage => Object([("at", Time(outage.At)), ("length", Time(outage.Length))])))));
        return text.ToString();

        void Line(string name, string? value)
        {
            if (value is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\n");
            }
        }
    }

    private static IEnumerable<(string, string?)> MembersOf(StreamOperator one) =>
    [
        ("id", Id(one.Node)),
        ("ratePerInstance", Number(one.RatePerInstance)),
        ("exponent", Number(one.Exponent)),
        ("selectivity", Number(one.Selectivity)),
        ("maxParallelism", one.MaxParallelism is { } max ? Number(max) : null),
        ("partitions", one.Partitions is { } partitions ? Number(partitions) : null),
        ("skew", Unless(one.Skew == 0, Number(one.Skew))),
        ("instanceWeights", one.InstanceWeights is { } weights ? List(weights.Select(Number)) : null),
    ];

    private static string? Unless(bool isDefault, string value) => isDefault ? null : value;

    private static string Object(IEnumerable<(string Name, string? Value)> members) =>
        $"{{ {string.Join(", ", members.Where(member => member.Value is not null).Select(member => $"{member.Name}: {member.Value}"))} }}";

    private static string List(IEnumerable<string> items) => $"[{string.Join(", ", items)}]";

    private static string Flag(bool flag) => flag ? "true" : "false";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Time(TimeSpan time) => ((decimal)time.Ticks / TimeSpan.TicksPerSecond).ToString("0.#######", CultureInfo.InvariantCulture) + "s";

    private static string Id(TopologyNode node) => YamlText.Of(node.ToString());
}
