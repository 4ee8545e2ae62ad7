using System.CommandLine;
using Kta.Functional.Reports;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>One algorithm against one application.</summary>
internal static class SimulateVerb
{
    internal static Command Create(Terminal terminal)
    {
        var (applications, policies) = (new Applications(several: false), new PolicyOptions());
        var failAbove = NumberOption.Of<double>(
            "--fail-above", "Exit code 1 if the share of time above the objective is larger, from 0 to 1.", "a share, from 0 to 1", "SHARE");
        var overHttp = new Option<bool>("--http") { Description = "Serve the algorithm on a free port, and call it there as the operator does." };
        var report = ReportOption();
        var json = JsonOption();
        var csv = new Option<string?>("--csv") { Description = "Write every second as a row of this file.", HelpName = "out.csv" };
        var command = new Verb(
            "simulate",
            "Runs an algorithm against a simulated application, and says how good it was.",
            "kta simulate orders.yaml --algorithm break-even --report orders.html");
        applications.AddTo(command);
        policies.AddTo(command);
        foreach (var option in (Option[])[overHttp, failAbove, report, json, csv])
        {
            command.Options.Add(option);
        }

        command.Does(terminal, async (parsed, cancellationToken) =>
        {
            var limit = parsed.GetValue(failAbove);
            if (limit is not null and not (>= 0 and <= 1))
            {
                throw new UsageException("--fail-above is a share, from 0 to 1.");
            }

            var inputs = applications.PathsOf(parsed);
            var rows = OutputFile.Prepared(parsed.GetValue(csv), "--csv", inputs);
            var page = OutputFile.Prepared(parsed.GetValue(report), "--report", inputs);
            var named = policies.Of(parsed);
            var policy = !parsed.GetValue(overHttp) ? named
                : named is RulePolicy rule ? new ServedPolicy(rule)
                : throw new UsageException($"--http serves a rule, {named.Name} is none.");
            var (path, application) = applications.Read(parsed, terminal).Single();
            var experiment = new Experiment(application, policy, applications.HistoryOf(parsed));
            var optimum = Task.Run(() => ClairvoyantOptimum.Of(application), cancellationToken);
            var run = await LiveView.ShowAsync(terminal, experiment, watch => experiment.RunAsync(watch, cancellationToken));
            var outcome = new Outcome(experiment, policy.SettingsFor(application), run, RunFigures.Of(run, await optimum));
            if (rows is not null)
            {
                using var writer = new StreamWriter(rows);
                SecondsCsv.Write(run, writer);
            }

            if (parsed.GetValue(json))
            {
                terminal.Result(OutcomeJson.Of(outcome, withTrace: false).ToJsonString(OutcomeJson.Format));
            }
            else
            {
                SummaryText.Write(outcome, terminal.Results);
            }

            if (page is not null)
            {
                var details = new ReportDetails(
                    await optimum,
                    outcome.Settings.Where(setting => setting.Value is not null).Select(setting => KeyValuePair.Create(setting.Key, setting.Value!)),
                    CommandLine.Of(parsed),
                    await File.ReadAllTextAsync(path, cancellationToken));
                run.WriteReport(page, details);
                var told = $" report: {page} ({Phrase.Size(new FileInfo(page).Length)})";
                if (parsed.GetValue(json))
                {
                    terminal.Note(told);
                }
                else
                {
                    terminal.Result(told);
                }
            }

            return limit is { } most && outcome.Figures.TimeAboveObjective > most
                ? throw new CommandFailedException(
                    $"{Phrase.Share(outcome.Figures.TimeAboveObjective)} of the time was above the objective, {Phrase.Share(most)} were allowed.")
                : Verb.Done;
        });
        return command;
    }

    internal static Option<string?> ReportOption() => new("--report") { Description = "Write an HTML page that needs no network.", HelpName = "out.html" };

    internal static Option<bool> JsonOption() => new("--json") { Description = "Print the result as JSON; everything else goes to the error stream." };
}
