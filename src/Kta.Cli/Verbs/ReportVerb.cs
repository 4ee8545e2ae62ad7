using System.CommandLine;
using Kta.Functional.Files;
using Kta.Functional.Operator;
using Kta.Functional.Reports;

namespace Kta.Cli;

/// <summary>Makes a page of a live run.</summary>
internal static class ReportVerb
{
    internal static Command Create(Terminal terminal)
    {
        var of = new Argument<string>("POLICY|RECORDING") { Description = "A policy in the store, by name or namespace/name; or a recording, as kta serve --record writes it." };
        var file = new Option<string?>("--store") { Description = "The store of kta run that the policy is in; it may be running. Default: kta.db.", HelpName = "FILE" };
        var node = new Option<string?>("--node") { Description = "A node of the topology that is meant, where a recording has several.", HelpName = "NAME" };
        var lag = LagOption();
        var output = new Option<string?>("--out") { Description = "The page. Default: the name of what is shown, with .html.", HelpName = "page.html" };
        var ranges = new TimeRangeOptions();
        var command = new Verb(
            "report",
            "Shows what was decided about a real application over time, and why, as one HTML page that needs no network.",
            "kta report orders --store kta.db --from 2h --lag 10s")
        {
            of, file, node, lag, output,
        };
        ranges.AddTo(command);
        command.Does(terminal, (parsed, _) =>
        {
            var (name, range, objective, line) = (parsed.GetValue(of)!, ranges.Of(parsed), parsed.GetValue(lag), CommandLine.Of(parsed));
            var isOfStore = StoredRun.IsPolicyFile(name) || !(File.Exists(name) || RecordedLiveRun.IsThere(name));
            var store = parsed.GetValue(file) ?? (isOfStore && File.Exists(StoredRun.DefaultFile) ? StoredRun.DefaultFile : null);
            if (store is not null && parsed.GetValue(node) is not null)
            {
                throw new UsageException("--node is for recordings: a policy of a store has one topology.");
            }

            var run = store is null ? OfRecording() : OfStore(store);
            var page = OutputFile.Prepared(parsed.GetValue(output) ?? (store is null ? Path.ChangeExtension(run.Policy, "html") : $"{run.Policy.Replace('/', '-')}.html"), "--out", [name, .. store is null ? (string[])[] : [store]])!;
            LiveReport.Write(page, run);
            terminal.Result($"report: {page} ({Phrase.Size(new FileInfo(page).Length)})");
            return Task.FromResult(Verb.Done);

            LiveRun OfStore(string path)
            {
                using var opened = KnowledgeStore.OpenForReading(path);
                var stored = StoredRun.Read(opened, StoredRun.PolicyOf(opened, path, name), range);
                foreach (var note in opened.Notes)
                {
                    terminal.Note(note);
                }

                return stored.Iterations.Count > 0
                    ? StoredLiveRun.Of(stored, path, objective, line)
                    : throw new CommandFailedException(
                        $"{path} holds no decision about {stored.Policy}{range.InWords()}"
                        + (stored.Failures is [.., var last] ? $"; the last of {stored.Failures.Count} failures: {last.Problem}" : "."));
            }

            LiveRun OfRecording()
            {
                if (StoreFile.IsDatabase(name))
                {
                    throw new UsageException($"{name} is a knowledge store: name a policy of it, kta report POLICY --store {name}. kta history {name} lists them.");
                }

                if (isOfStore)
                {
                    throw new UsageException($"There is no recording {name}, and no store {StoredRun.DefaultFile}. If it is a policy, say which store it is in: --store FILE.");
                }

                var recorded = RecordedLiveRun.Read(name, range);
                var run = recorded.Of(parsed.GetValue(node), name, objective, line);
                if (recorded.Unreadable > 0)
                {
                    terminal.Note(FormattableString.Invariant($"{name}: {recorded.Unreadable} calls are left out: they cannot be read, or the recorder had to drop them."));
                }

                return run;
            }
        });
        return command;
    }

    private static Option<TimeSpan?> LagOption() => new("--lag")
    {
        Description = "The lag that is too much, such as 10s: the page says how long it was above it.",
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
            if (TimeText.Parse(text) is { } lag && lag > TimeSpan.Zero)
            {
                return lag;
            }

            result.AddError($"--lag {text}: expected a time above 0, such as 10s.");
            return null;
        },
    };
}
