using System.CommandLine;
using Kta.Functional.Recording;

namespace Kta.Cli;

/// <summary>Asks again what was recorded.</summary>
internal static class ReplayVerb
{
    internal static Command Create(Terminal terminal)
    {
        var policies = new PolicyOptions();
        var file = FileArgument("FILE");
        var rows = new Option<int>("--rows") { Description = "How many differences are listed. Default: 50.", DefaultValueFactory = _ => 50, HelpName = "N" };
        var command = new Verb(
            "replay",
            "Asks an algorithm or a server again what was recorded, each call by itself. Exit code 1 if an answer differs.",
            "kta replay decisions.jsonl --algorithm break-even")
        {
            file, rows,
        };
        policies.AddTo(command);
        command.Does(terminal, async (parsed, cancellationToken) =>
        {
            var path = parsed.GetValue(file)!;
            var report = policies.EndpointOf(parsed) is { } endpoint
                ? await endpoint.WithStepsAsync((name, steps) => Replay.RunAsync(name, steps, path, cancellationToken: cancellationToken))
                : await Replay.RunAsync(policies.AlgorithmOf(parsed), path, cancellationToken: cancellationToken);
            terminal.Result(report.ToText(parsed.GetValue(rows)));
            return report is { IsSame: true, Compared: > 0 } ? Verb.Done : Verb.Failed;
        });
        return command;
    }

    internal static Argument<string> FileArgument(string name) => new(name) { Description = "A recording, as kta serve --record and CallRecorder write it." };
}
