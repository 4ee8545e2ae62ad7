using System.CommandLine;
using Kta.Functional.Monitoring;
using Kta.Functional.Monitoring.Kafka;

namespace Kta.Cli;

/// <summary>Where numbers come from: <c>--monitor</c>, several times if several systems know something.</summary>
internal sealed class MonitorOption
{
    private static readonly (string Name, string Form, Func<string, string, Action<string>, TopologyMonitor> Make)[] s_kinds =
    [
        ("flink", "flink:URL#JOB", Flink),
        ("prometheus", "prometheus:FILE", (file, _, note) => new PrometheusMonitor(PrometheusFile.Read(file) with { OnNote = note })),
        ("kafka", "kafka:FILE", (file, _, note) => new KafkaMonitor(KafkaFile.Read(file) with { OnNote = note })),
    ];

    private readonly Option<string[]> _option = new("--monitor")
    {
        Description = $"Where the numbers come from: {string.Join(", ", s_kinds.Select(kind => kind.Form))}; several are merged.",
        HelpName = "SOURCE",
    };

    internal void AddTo(Command command) => command.Options.Add(_option);

    /// <summary>What is asked for; null if nothing is.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="rule">The rule that decides on the numbers.</param>
    /// <param name="note">Is told what is no failure but worth knowing.</param>
    /// <exception cref="UsageException">It makes no sense.</exception>
    internal TopologyMonitor? Of(ParseResult parsed, string rule, Action<string> note) => Of(TextsOf(parsed), rule, note);

    /// <summary>What stands on the command line.</summary>
    internal IReadOnlyList<string> TextsOf(ParseResult parsed) => parsed.GetValue(_option) ?? [];

    /// <summary>The sources of some texts such as <c>flink:http://jobmanager:8081#orders</c>; null if there are none.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="rule">The rule that decides on the numbers.</param>
    /// <param name="note">Is told what is no failure but worth knowing.</param>
    /// <exception cref="UsageException">It makes no sense.</exception>
    internal static TopologyMonitor? Of(IReadOnlyList<string> texts, string rule, Action<string> note)
    {
        var made = new List<TopologyMonitor>();
        try
        {
            foreach (var text in texts)
            {
                made.Add(One(text, rule, note));
            }
        }
        catch
        {
            made.ForEach(monitor => monitor.Dispose());
            throw;
        }

        return made switch
        {
            [] => null,
            [var one] => one,
            _ => Monitors.Merge([.. made]),
        };
    }

    private static TopologyMonitor One(string text, string rule, Action<string> note)
    {
        var (name, rest) = text.Split(':', 2) is [var before, { Length: > 0 } after] ? (before, after) : (text, "");
        var kind = Array.Find(s_kinds, kind => kind.Name == name);
        if (kind.Make is null || rest.Length == 0)
        {
            throw new UsageException($"--monitor {name}: write {string.Join(" or ", s_kinds.Select(known => known.Form))}.");
        }

        try
        {
            return kind.Make(rest, rule, note);
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"--monitor {name}: {ServerFile.SentenceOf(error)}");
        }
    }

    /// <summary>The rule of Flink goes by its hottest instances.</summary>
    private static FlinkMonitor Flink(string text, string rule, Action<string> note)
    {
        var (address, job) = text.Split('#', 2) is [var before, var after] ? (before, after) : (text, null);
        return new(new FlinkMonitorOptions { Server = new(address), Job = job, OnNote = note, Busy = rule == "flink" ? FlinkAggregation.Maximum : FlinkAggregation.Average });
    }
}
