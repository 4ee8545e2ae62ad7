using System.CommandLine;
using System.Text.Json.Nodes;
using Kta.Functional.Operator;
using Spectre.Console;

namespace Kta.Cli;

/// <summary>Shows what a store of <c>kta run</c> says.</summary>
internal static class HistoryVerb
{
    internal static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("STORE") { Description = "The store of kta run; it may be running." };
        var policy = new Argument<string?>("POLICY") { Description = "The policy, by name or namespace/name. Default: the only one, or a list of all.", Arity = ArgumentArity.ZeroOrOne };
        var ranges = new TimeRangeOptions();
        var last = NumberOption.Of<int>("--last", "Only so many, the newest.", "a whole number");
        var why = new Option<bool>("--why") { Description = "All reasons, not only the first." };
        var all = new Option<bool>("--all") { Description = "Also decisions that change nothing." };
        var json = new Option<bool>("--json") { Description = "One JSON object with everything, for programs; its times are UTC." };
        var command = new Verb(
            "history", "Shows what was decided about a policy and why, what came of it, and what happened between.", "kta history kta.db orders --from 2h --why")
        {
            file, policy, last, why, all, json,
        };
        ranges.AddTo(command);
        command.Does(terminal, (parsed, _) =>
        {
            var (path, range, most) = (parsed.GetValue(file)!, ranges.Of(parsed), parsed.GetValue(last));
            if (most < 1)
            {
                throw new UsageException("--last has to be at least 1.");
            }

            using var store = KnowledgeStore.OpenForReading(path);
            var stored = store.Policies;
            var wanted = parsed.GetValue(policy) is { } name ? StoredRun.PolicyOf(store, path, name) : stored.Count == 1 ? stored[0] : null;
            if (parsed.GetValue(json))
            {
                var shown = wanted is null ? stored : [wanted];
                terminal.Result(new JsonObject
                {
                    ["policies"] = new JsonArray([.. shown.Select(one => (JsonNode)HistoryJson.Of(StoredRun.Read(store, one, range), most))]),
                }.ToJsonString(OutcomeJson.Format));
            }
            else if (wanted is null)
            {
                List(store, stored, range, terminal.Results);
            }
            else
            {
                var run = StoredRun.Read(store, wanted, range);
                if (run.IsEmpty)
                {
                    throw new CommandFailedException($"{path} holds nothing of {wanted}{range.InWords()}.");
                }

                new HistoryTable(run, parsed.GetValue(all), parsed.GetValue(why)).Write(most, terminal.Results);
            }

            foreach (var note in store.Notes)
            {
                terminal.Note(note);
            }

            return Task.FromResult(Verb.Done);
        });
        return command;
    }

    private static void List(KnowledgeStore store, IReadOnlyList<string> policies, TimeRange range, IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("policy", "decisions", "failures", "newest decision", "instances");
        foreach (var policy in policies)
        {
            var iterations = store.Read(policy, range.From, range.To);
            var newest = iterations.Count > 0 ? iterations[^1] : null;
            string[] cells =
            [
                policy,
                FormattableString.Invariant($"{iterations.Count:#,0}"),
                FormattableString.Invariant($"{store.Failures(policy, range.From, range.To).Count:#,0}"),
                newest is null ? "" : Moment.Text(newest.EndedAt),
                newest is null ? "" : string.Join(", ", newest.Parallelism.Select(one => FormattableString.Invariant($"{one.Key} {one.Value}"))),
            ];
            table.AddRow([.. cells.Select(cell => new Text(cell))]);
        }

        console.Write(table);
        console.WriteLine(policies.Count == 0 ? " No policy is stored yet." : " Name one of them to see its decisions; --json has all of them.");
    }
}
