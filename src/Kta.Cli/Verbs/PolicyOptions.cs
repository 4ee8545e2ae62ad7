using System.CommandLine;
using Kta.Functional;
using Kta.Functional.Algorithms;
using Kta.Functional.Monitoring;

namespace Kta.Cli;

/// <summary>Which algorithm decides, with which settings: what several verbs ask in the same way.</summary>
internal sealed class PolicyOptions
{
    private readonly Option<string?> _algorithm = new("--algorithm", "-a")
    {
        Description = $"The algorithm: {string.Join(", ", Policy.Names)}. Default: {Policy.Default}.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _endpoint = new("--endpoint")
    {
        Description = "Instead of an algorithm by name: a server of steps, such as http://127.0.0.1:8096.",
        HelpName = "URL",
    };

    private readonly Option<string[]> _settings = new("--set")
    {
        Description = "A setting of the algorithm, such as catchUp=5min or cooldown=2min; may be repeated.",
        HelpName = "NAME=VALUE",
    };

    internal PolicyOptions() => _algorithm.CompletionSources.Add([.. Policy.Names]);

    internal void AddTo(Command command, bool withEndpoint = true)
    {
        command.Options.Add(_algorithm);
        if (withEndpoint)
        {
            command.Options.Add(_endpoint);
        }

        command.Options.Add(_settings);
    }

    /// <exception cref="UsageException">It makes no sense.</exception>
    internal Policy Of(ParseResult parsed)
    {
        var settings = SettingsOf(parsed);
        if (EndpointOf(parsed) is not { } endpoint)
        {
            return Policy.Of(parsed.GetValue(_algorithm) ?? Policy.Default, settings);
        }

        return settings.Count > 0
            ? throw new UsageException("--set is for algorithms by name; the settings of a server are given where it is started.")
            : new EndpointPolicy(endpoint);
    }

    /// <exception cref="UsageException">It makes no sense.</exception>
    internal Endpoint? EndpointOf(ParseResult parsed) => (parsed.GetValue(_endpoint), parsed.GetValue(_algorithm)) switch
    {
        (null, _) => null,
        ({ } address, null) => Endpoint.Parse(address),
        _ => throw new UsageException("Give --algorithm or --endpoint, not both."),
    };

    /// <summary>What can be served and replayed: analyze and plan of a rule, with a monitor if there is one, or all steps of the dummy.</summary>
    /// <exception cref="UsageException">It makes no sense, or needs an application.</exception>
    internal Algorithm AlgorithmOf(ParseResult parsed, TopologyMonitor? monitor = null)
    {
        try
        {
            return Of(parsed) switch
            {
                RulePolicy rule when monitor is not null => Autoscaler.ByName(rule.Name, rule.Given).WithMonitor(monitor.MeasureAsync),
                RulePolicy rule => Autoscaler.ByName(rule.Name, rule.Given),
                DummyPolicy when monitor is not null => throw new UsageException("dummy has a monitor of its own: leave --monitor out."),
                DummyPolicy dummy => DummyAutoscaler.Create(dummy.Options()),
                var other => throw new UsageException($"{other.Name} needs an application that is known in advance, so it can only be simulated."),
            };
        }
        catch (ArgumentException error)
        {
            throw new UsageException(error.Message);
        }
    }

    /// <summary>Who decides for policies; the algorithm is null if they say it themselves.</summary>
    /// <exception cref="UsageException">It makes no sense.</exception>
    internal DecidingOptions DecidingOf(ParseResult parsed, IReadOnlyList<string> monitors) =>
        new(parsed.GetValue(_algorithm), SettingsOf(parsed), monitors);

    internal string NameOf(ParseResult parsed) => parsed.GetValue(_algorithm) ?? Policy.Default;

    /// <exception cref="UsageException">A setting has no value.</exception>
    internal IReadOnlyList<KeyValuePair<string, string?>> SettingsOf(ParseResult parsed) => [.. (parsed.GetValue(_settings) ?? []).Select(Pair)];

    internal static KeyValuePair<string, string?> Pair(string setting) => setting.Split('=', 2) switch
    {
        [{ Length: > 0 } name, { Length: > 0 } value] => new(name.Trim(), value.Trim()),
        _ => throw new UsageException($"--set {setting}: write name=value, such as --set cooldown=2min."),
    };
}
