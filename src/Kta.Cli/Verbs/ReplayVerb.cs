using System.CommandLine;
using Kta.Functional.Recording;

namespace Kta.Cli;

/// <summary>Asks again what was recorded.</summary>
internal static class ReplayVerb
{
    private const int DefaultRows = 50;

    internal static Command Create(Terminal terminal)
    {
        var policies = new PolicyOptions();
        var file = FileArgument("FILE");
        var rows = NumberOption.Of<int>("--rows", "How many differences are listed. Default: 50.", "a whole number");
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
            terminal.Result(report.ToText(parsed.GetValue(rows) ?? DefaultRows));
            return report is { IsSame: true, Compared: > 0 } ? Verb.Done : Verb.Failed;
        });
        return command;
    }

    internal static Argument<string> FileArgument(string name) => new(name) { Description = "A recording, as kta serve --record and CallRecorder write it." };
}
