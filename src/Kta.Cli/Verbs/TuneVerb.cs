using System.CommandLine;

namespace Kta.Cli;

/// <summary>Looks for better settings of a rule.</summary>
internal static class TuneVerb
{
    private const int DefaultBudget = 64;

    internal static Command Create(Terminal terminal)
    {
        var (applications, policies) = (new Applications(several: true), new PolicyOptions());
        var seeds = CompareVerb.SeedsOption();
        var budget = NumberOption.Of<int>(
            "--budget", "How many settings are tried beside the current ones. Powers of two fill the ranges evenly. Default: 64.", "a whole number");
        var (json, shard) = (SimulateVerb.JsonOption(), Shard.Option());
        var command = new Verb(
            "tune",
            "Tries settings of a rule: chooses on one half of the applications and seeds, and judges on the other.",
            "kta tune orders.yaml payments.yaml --algorithm break-even --set latePrice=1..10 --set spare=0..0.3 --seeds 2");
        applications.AddTo(command);
        policies.AddTo(command, withEndpoint: false);
        foreach (var option in (Option[])[seeds, budget, json, shard])
        {
            command.Options.Add(option);
        }

        command.Does(terminal, async (parsed, cancellationToken) =>
        {
            var part = Shard.Parse(parsed.GetValue(shard));
            var search = Search.Of(policies.NameOf(parsed), policies.SettingsOf(parsed));
            var tries = parsed.GetValue(budget) ?? DefaultBudget;
            if (tries is not (>= 1 and <= 100_000))
            {
                throw new UsageException("--budget has to be from 1 to 100000.");
            }

            var described = Sweep.Seeded(applications.Read(parsed, terminal).Select(file => file.Application), CompareVerb.SeedsOf(parsed, seeds));
            if (described.Count < 2)
            {
                throw new UsageException("Settings are chosen on one half of the applications and seeds and judged on the other: give a second application, or --seeds 2.");
            }

            var total = tries + 1;
            var mine = Enumerable.Range(0, total).Where(part.Has).ToList();
            var history = applications.HistoryOf(parsed);
            var figures = await Sweep.RunAsync(
                [.. mine.SelectMany(number => described.Select(application => (number, application)))],
                (one, token) => search.RunAsync(one.number, one.application, history, token),
                cancellationToken);
            var candidates = mine.Select((number, i) =>
            {
                var own = figures.AsMemory(i * described.Count, described.Count).ToArray();
                return TuningJson.Of(new Candidate(
                    search.At(number), Score.Of([.. own.Where((_, k) => k % 2 == 0)]), Score.Of([.. own.Where((_, k) => k % 2 == 1)])));
            }).ToList();
            var head = TuningJson.Head(
                search, (described.Count + 1) / 2, described.Count / 2, part.IsWhole ? null : part.ToJson(CommandLine.WithoutShard(parsed), applications.PathsOf(parsed), total));
            if (!part.IsWhole)
            {
                head["candidates"] = new System.Text.Json.Nodes.JsonArray([.. candidates]);
                terminal.Result(head.ToJsonString(OutcomeJson.Format));
                return Verb.Done;
            }

            var tuning = TuningJson.Of(head, candidates);
            if (parsed.GetValue(json))
            {
                terminal.Result(tuning.ToJsonString(OutcomeJson.Format));
            }
            else
            {
                TuningTable.Write(tuning, terminal.Results);
            }

            return Verb.Done;
        });
        return command;
    }
}
