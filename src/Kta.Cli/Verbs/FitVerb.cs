using System.CommandLine;
using Kta.Functional;
using Kta.Functional.Files;
using Kta.Functional.Recording;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Makes an application file of what production recorded.</summary>
internal static class FitVerb
{
    internal static Command Create(Terminal terminal)
    {
        var recording = ReplayVerb.FileArgument("RECORDING");
        var output = new Option<string?>("--output", "-o") { Description = "Write the application to this file.", HelpName = "APP.yaml" };
        var topology = new Option<string?>("--node")
        {
            Description = "A node of the topology that is fitted, where the recording has several. Default: the topology with the most measurements.",
            HelpName = "ID",
        };
        var json = SimulateVerb.JsonOption();
        var command = new Verb(
            "fit",
            "Makes an application of a recording, and says how well it replays it and what it does not know.",
            "kta fit decisions.jsonl -o orders.yaml")
        {
            recording, output, topology, json,
        };
        command.Does(terminal, (parsed, _) =>
        {
            var path = parsed.GetValue(recording)!;
            var file = OutputFile.Prepared(parsed.GetValue(output), "--output", path);
            var load = RecordedLoad.Of(CallRecording.Read(path));
            var fit = Fitted(Chosen(load, path, parsed.GetValue(topology), terminal), file ?? path);
            if (parsed.GetValue(json))
            {
                terminal.Result(FitJson.Of(fit).ToJsonString(OutcomeJson.Format));
            }
            else
            {
                FitTable.Write(fit, terminal.Results);
            }

            foreach (var line in load.ToString().Split('\n'))
            {
                terminal.Note($"{path}: {line}");
            }

            if (file is not null)
            {
                ApplicationFile.Write(fit.Application, file, path);
                terminal.Note($" application: {file}");
            }

            return Task.FromResult(Verb.Done);
        });
        return command;
    }

    private static RecordedTopology Chosen(RecordedLoad load, string path, string? node, Terminal terminal)
    {
        var found = load.Topologies.Where(topology => node is null || topology.Topology.Any(one => one.ToString() == node)).ToList();
        if (found.Count == 0)
        {
            throw new CommandFailedException(
                load.Topologies.Count == 0
                    ? $"{path} holds no arrival rates of a topology. {load.ToString().ReplaceLineEndings(" ")}"
                    : $"No topology of {path} has a node {node}{SimilarName.Hint(node!, [.. load.Topologies.SelectMany(topology => topology.Topology).Select(one => one.ToString()).Distinct()])}");
        }

        var chosen = found.MaxBy(topology => topology.Measurements)!;
        if (found.Count > 1)
        {
            terminal.Note($"{path}: {found.Count} topologies; fitted is {chosen.Topology}, which was measured most often. Choose another one with --node.");
        }

        return chosen;
    }

    private static ApplicationFit Fitted(RecordedTopology recorded, string file)
    {
        try
        {
            return ApplicationFit.Of(recorded, Path.GetFileNameWithoutExtension(file));
        }
        catch (ApplicationFitException error)
        {
            throw new CommandFailedException(error.Message, error);
        }
    }
}
