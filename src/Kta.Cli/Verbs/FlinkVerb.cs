using System.CommandLine;
using System.Globalization;

namespace Kta.Cli;

/// <summary>Serves a simulated application as a Flink job.</summary>
internal static class FlinkVerb
{
    internal static Command Create(Terminal terminal)
    {
        var applications = new Applications(several: false);
        var port = NumberOption.Of<int>("--port", "The port to listen on, 0 for a free one. Default: 8081, as Flink's.", "a number from 0 to 65535", "P");
        var host = new Option<string>("--host") { Description = "The address to listen on. Default: 127.0.0.1.", HelpName = "H", DefaultValueFactory = _ => "127.0.0.1" };
        var speed = new Option<string>("--speed") { Description = "How many times faster than the clock its time is, such as 60x. Default: 1x.", HelpName = "X" };
        var state = new Option<string?>("--state") { Description = "Keep lag, requests and time in this file, and go on from there after a restart.", HelpName = "state.jsonl" };
        var slots = NumberOption.Of<int>("--slots", "How many slots the task managers have. Default: plenty.", "a whole number, at least 1");
        var command = new Verb(
            "flink", "Serves a simulated application as a Flink job, with Flink's REST API.", "kta flink orders.yaml --port 8081 --speed 60x --state orders.jsonl")
        {
            port, host, speed, state, slots,
        };
        applications.AddTo(command, withRun: false);
        command.Does(terminal, async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(port) is < 0 or > 65_535)
            {
                throw new UsageException("--port has to be from 0 to 65535.");
            }

            if (parsed.GetValue(slots) is < 1 or > 1 << 15)
            {
                throw new UsageException("--slots has to be from 1 to 32768.");
            }

            var options = new FlinkFaceOptions
            {
                Host = parsed.GetValue(host)!,
                Port = parsed.GetValue(port) ?? 8081,
                Speed = SpeedOf(parsed.GetValue(speed) ?? "1x"),
                StatePath = OutputFile.Prepared(parsed.GetValue(state), "--state", applications.PathsOf(parsed)),
                Slots = parsed.GetValue(slots),
            };
            var (_, application) = applications.Read(parsed, terminal).Single();
            await using var flink = await FlinkFace.StartAsync(application, options, cancellationToken);
            terminal.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"{application.Name} is job {flink.JobId} at {flink.Address}, {flink.Slots} slots, second {flink.Second}, {options.Speed}x. Stop it with Ctrl+C."));
            await flink.WaitForShutdownAsync(cancellationToken);
            return Verb.Done;
        });
        return command;
    }

    private static double SpeedOf(string text) =>
        double.TryParse(text.EndsWith('x') ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed) && speed is > 0 and <= 1e6
            ? speed
            : throw new UsageException($"--speed {text}: expected how many times faster than the clock, such as 60x, above 0 and at most 1000000x.");
}
