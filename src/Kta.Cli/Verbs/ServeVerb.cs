using System.CommandLine;
using Kta.Functional;
using Kta.Functional.Http;

namespace Kta.Cli;

/// <summary>Serves an algorithm to the operator.</summary>
internal static class ServeVerb
{
    internal static Command Create(Terminal terminal)
    {
        var policies = new PolicyOptions();
        var monitors = new MonitorOption();
        var host = new Option<string?>("--host") { Description = "The address to listen on. Default: 0.0.0.0.", HelpName = "H" };
        var port = NumberOption.Of<int>("--port", "The port to listen on, 0 for a free one. Default: 8096.", "a number from 0 to 65535", "P");
        var record = new Option<string?>("--record") { Description = "Record every call in this file, for kta replay, explain and fit.", HelpName = "decisions.jsonl" };
        var command = new Verb(
            "serve", "Serves analyze and plan of an algorithm to the operator, or to kta simulate --endpoint; with --monitor all three steps.", "kta serve --algorithm ds2 --monitor flink:http://jobmanager:8081#orders --port 8096")
        {
            host, port, record,
        };
        policies.AddTo(command, withEndpoint: false);
        monitors.AddTo(command);
        command.Does(terminal, async (parsed, cancellationToken) =>
        {
            using var monitor = monitors.Of(parsed, policies.NameOf(parsed).ToLowerInvariant(), new Notes(terminal.Note, TimeProvider.System).Tell);
            var algorithm = policies.AlgorithmOf(parsed, monitor);
            if (parsed.GetValue(port) is < 0 or > 65_535)
            {
                throw new UsageException("--port has to be from 0 to 65535.");
            }

            var recording = OutputFile.Recording(parsed.GetValue(record), "--record");
            try
            {
                var backend = new HttpBackend(new HttpBackendOptions { Host = parsed.GetValue(host), Port = parsed.GetValue(port), RecordPath = recording });
                await Bootstrap.RunAsync(algorithm, backend, cancellationToken);
            }
            catch (Exception error) when (error is ArgumentException or IllegalStateException)
            {
                throw new CommandFailedException(error.Message, error);
            }

            return Verb.Done;
        });
        return command;
    }
}
