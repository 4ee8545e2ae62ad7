using System.CommandLine;
using Kta.Functional.Reports;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Every algorithm on every application and seed.</summary>
internal static class CompareVerb
{
    private const int MostChanges = 12;
    private static readonly string[] s_few = ["static-peak", "ds2", "break-even"];

    internal static Command Create(Terminal terminal)
    {
        var applications = new Applications(several: true);
        var algorithms = new Option<string[]>("--algorithms")
        {
            Description = $"The algorithms, with commas between them, or 'all'; settings behind a colon: ds2:scalingFactor=0.2:catchUp=5min. Default: {string.Join(',', s_few)}.",
            HelpName = "a,b,c",
        };
        algorithms.CompletionSources.Add([.. Policy.Names]);
        var seeds = SeedsOption();
        var front = new Option<bool>("--front") { Description = $"Also what a clairvoyant could have done with 0 to {MostChanges} rescales." };
        var (report, json, shard) = (SimulateVerb.ReportOption(), SimulateVerb.JsonOption(), Shard.Option());
        var command = new Verb(
            "compare",
            "Runs every algorithm on every application and seed, and says which nothing else beats.",
            "kta compare orders.yaml payments.yaml --algorithms ds2,hpa,break-even --seeds 3 --front --report comparison.html");
        applications.AddTo(command);
        foreach (var option in (Option[])[algorithms, seeds, front, report, json, shard])
        {
            command.Options.Add(option);
        }

        command.Does(terminal, async (parsed, cancellationToken) =>
        {
            var part = Shard.Parse(parsed.GetValue(shard));
            var page = OutputFile.Prepared(parsed.GetValue(report), "--report", applications.PathsOf(parsed));
            if (page is not null && !part.IsWhole)
            {
                throw new UsageException("--report needs all runs, --shard gives some of them.");
            }

            var policies = Named(parsed.GetValue(algorithms) is { Length: > 0 } given ? given : s_few);
            var described = Sweep.Seeded(applications.Read(parsed, terminal).Select(file => file.Application), SeedsOf(parsed, seeds));
            var history = applications.HistoryOf(parsed);
            var all = described.SelectMany((application, at) => policies.Select(policy => (At: at, Experiment: new Experiment(application, policy, history)))).ToList();
            var mine = all.Where((_, i) => part.Has(i)).ToList();
            var optima = (await Sweep.RunAsync(
                [.. mine.Select(one => one.At).Distinct()], (at, _) => Task.FromResult((At: at, Optimum: ClairvoyantOptimum.Of(described[at]))), cancellationToken))
                .ToDictionary(pair => pair.At, pair => pair.Optimum);
            // A run of a day holds megabytes of seconds; without a report they can go as soon as the run is told.
            var told = await Sweep.RunAsync(
                mine,
                async (one, token) =>
                {
                    var outcome = await Outcome.OfAsync(one.Experiment, optima[one.At], null, token);
                    return (Json: OutcomeJson.Of(outcome, withTrace: true), Figures: outcome.Figures, Outcome: page is null ? null : outcome);
                },
                cancellationToken);
            var fronts = !parsed.GetValue(front) ? null : await Sweep.RunAsync(
                [.. described.Where((_, i) => part.Has(i * policies.Count))], (application, _) => Task.FromResult(ClairvoyantOptimum.Front(application, MostChanges)), cancellationToken);
            if (parsed.GetValue(json) || !part.IsWhole)
            {
                var header = part.IsWhole ? null : part.ToJson(CommandLine.WithoutShard(parsed), applications.PathsOf(parsed), all.Count);
                terminal.Result(ComparisonJson.Of(
                    told.Select(one => one.Json), fronts?.SelectMany(one => one).Select(ComparisonJson.Clairvoyant), header).ToJsonString(OutcomeJson.Format));
            }
            else
            {
                ComparisonTable.Write([.. mine.Zip(told, (one, result) => (one.Experiment, result.Figures))], terminal.Results);
            }

            if (page is not null)
            {
                ComparisonReport.Write(
                    page,
                    $"{string.Join(", ", policies.Select(policy => policy.Name))} on {string.Join(", ", described.Select(one => one.Name).Distinct())}",
                    told.Select(one => one.Outcome!).Select(outcome => new ComparedRun(
                        outcome.Experiment.Policy.Label, outcome.Run, outcome.Run.Application.Name, outcome.Experiment.Trace, outcome.Figures)),
                    fronts?.SelectMany(one => one),
                    CommandLine.Of(parsed));
                terminal.Note($" report: {page} ({Phrase.Size(new FileInfo(page).Length)})");
            }

            return Verb.Done;
        });
        return command;
    }

    internal static Option<int?> SeedsOption() => NumberOption.Of<int>(
        "--seeds", "How many seeds each application is run with, from its own on. Default: 1.", "a whole number");

    internal static int SeedsOf(ParseResult parsed, Option<int?> seeds) =>
        (parsed.GetValue(seeds) ?? 1) is >= 1 and <= 10_000 and var count ? count : throw new UsageException("--seeds has to be from 1 to 10000.");

    private static List<Policy> Named(IEnumerable<string> given)
    {
        var names = given.SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        if (names.Count == 0)
        {
            throw new UsageException($"--algorithms names none; known are {string.Join(", ", Policy.Names)}, and all.");
        }

        var policies = names.SelectMany(name => name == "all" ? Policy.Names.Select(one => Policy.Of(one, [])) : [PolicyOf(name)]).ToList();
        return policies.GroupBy(policy => policy.Label).FirstOrDefault(group => group.Count() > 1) is { } twice
            ? throw new UsageException($"--algorithms names {twice.Key} twice.")
            : policies;
    }

    /// <summary><c>ds2</c>, or <c>ds2:catchUp=5min</c>.</summary>
    private static Policy PolicyOf(string text)
    {
        var parts = text.Split(':');
        return Policy.Of(parts[0], [.. parts.Skip(1).Select(PolicyOptions.Pair)]);
    }
}
