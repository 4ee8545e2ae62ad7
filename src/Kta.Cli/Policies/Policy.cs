using System.Text.Json.Nodes;
using Kta.Functional;
using Kta.Functional.Algorithms;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>What decides: a rule by its name, a plan that never changes, or a server.</summary>
internal abstract record Policy(string Name)
{
    internal const string Default = "break-even";

    private static readonly string[] s_others = ["static-peak", "dummy"];

    /// <summary>The name, with what tells it from others of the same name.</summary>
    internal virtual string Label => Name;

    /// <summary>The names one can give.</summary>
    internal static IReadOnlyList<string> Names { get; } = [.. Autoscaler.Names, .. s_others];

    /// <exception cref="UsageException">There is no such algorithm.</exception>
    internal static Policy Of(string name, IReadOnlyList<KeyValuePair<string, string?>> settings) => name.ToLowerInvariant() switch
    {
        "static-peak" => settings.Count == 0 ? new StaticPeakPolicy() : throw new UsageException("static-peak has no settings."),
        "dummy" => new DummyPolicy(settings),
        var rule when Autoscaler.Names.Contains(rule) => new RulePolicy(rule, settings),
        _ => throw new UsageException($"There is no algorithm '{name}'{SimilarName.Hint(name, [.. Names])}"),
    };

    /// <summary>All settings with their values, those that stand by default too; null: off.</summary>
    /// <exception cref="ArgumentException">A setting is wrong.</exception>
    internal abstract IReadOnlyList<KeyValuePair<string, string?>> SettingsFor(Application application);

    internal abstract Task<SimulatedRun> RunAsync(Application application, LocalOperatorOptions options, CancellationToken cancellationToken);

    private protected string Labelled(IEnumerable<KeyValuePair<string, string?>> given) =>
        string.Join(' ', [Name, .. given.Select(setting => $"{setting.Key}={setting.Value}")]);
}

/// <summary>A rule that ships with the SDK.</summary>
internal sealed record RulePolicy(string Name, IReadOnlyList<KeyValuePair<string, string?>> Given) : Policy(Name)
{
    internal override string Label => Labelled(Given);

    internal override IReadOnlyList<KeyValuePair<string, string?>> SettingsFor(Application application) =>
        Autoscaler.SettingsOf(Name, KnownSettings.Beneath(Name, Given, KnownSettings.Of(application)));

    internal override Task<SimulatedRun> RunAsync(Application application, LocalOperatorOptions options, CancellationToken cancellationToken) =>
        Simulator.RunAsync(application, DecidingFor(application), options, cancellationToken);

    /// <summary>The rule without analyze, which would only publish what plan decides by itself.</summary>
    internal Algorithm DecidingFor(Application application) =>
        Autoscaler.ByName(Name, KnownSettings.Beneath(Name, Given, KnownSettings.Of(application))) with { Analyze = null };
}

/// <summary>The smallest plan that is never late, all the time.</summary>
internal sealed record StaticPeakPolicy() : Policy("static-peak")
{
    internal override IReadOnlyList<KeyValuePair<string, string?>> SettingsFor(Application application) => [];

    internal override Task<SimulatedRun> RunAsync(Application application, LocalOperatorOptions options, CancellationToken cancellationToken) =>
        Simulator.RunAsync(application, StaticPlan.Peak(application), options, cancellationToken);
}

/// <summary>The dummy of the operator's documentation, which swaps two numbers of replicas whatever is measured.</summary>
internal sealed record DummyPolicy(IReadOnlyList<KeyValuePair<string, string?>> Given) : Policy("dummy")
{
    internal override string Label => Labelled(Given);

    internal override IReadOnlyList<KeyValuePair<string, string?>> SettingsFor(Application application)
    {
        var options = Options();
        return [new("toggleThreshold", $"{options.ToggleThreshold}"), new("numReplicasByState", $"{options.FirstReplicas},{options.SecondReplicas}")];
    }

    internal override Task<SimulatedRun> RunAsync(Application application, LocalOperatorOptions options, CancellationToken cancellationToken) =>
        Simulator.RunAsync(application, Alternating(Options()), options, cancellationToken);

    /// <summary>The dummy's own steps count what its own monitor answers; here the application is what is monitored.</summary>
    private static Algorithm<Measurements, JsonObject> Alternating(DummyOptions options) => Algorithm.For<Measurements, JsonObject>()
        .WithAnalyze(ctx => new JsonObject { ["iterations"] = ctx.History.Count == 0 ? 0 : ctx.History[0].AnalyzeResult!["iterations"]!.GetValue<int>() + 1 })
        .WithPlan(ctx => Plan.ForEach(
            ctx.Topology, _ => ctx.AnalyzeResult["iterations"]!.GetValue<int>() / options.ToggleThreshold % 2 == 0 ? options.FirstReplicas : options.SecondReplicas))
        .WithName("dummy");

    internal DummyOptions Options()
    {
        var (threshold, replicas) = (new DummyOptions().ToggleThreshold, (int[]?)null);
        foreach (var (name, value) in Given)
        {
            switch (name.ToLowerInvariant())
            {
                case "togglethreshold" when int.TryParse(value, out threshold): break;
                case "numreplicasbystate" when Numbers(value) is { } numbers: replicas = numbers; break;
                default: throw new UsageException($"dummy has no setting {name}={value}. It has: toggleThreshold=2, numReplicasByState=4,2.");
            }
        }

        return replicas is null ? new DummyOptions(threshold) : DummyOptions.From(threshold, replicas);
    }

    private static int[]? Numbers(string? text)
    {
        var parts = (text ?? "").Split(',');
        var numbers = parts.Select(part => int.TryParse(part, out var number) ? number : -1).ToArray();
        return numbers.Length == 2 && numbers.All(number => number > 0) ? numbers : null;
    }
}

/// <summary>A server that answers analyze, if it has it, and plan.</summary>
internal sealed record EndpointPolicy(Endpoint Endpoint) : Policy(Endpoint.Address.ToString())
{
    internal override IReadOnlyList<KeyValuePair<string, string?>> SettingsFor(Application application) => [];

    internal override async Task<SimulatedRun> RunAsync(Application application, LocalOperatorOptions options, CancellationToken cancellationToken) =>
        await Simulator.RunAsync(application, await Endpoint.FindAsync(cancellationToken), options, cancellationToken);
}
