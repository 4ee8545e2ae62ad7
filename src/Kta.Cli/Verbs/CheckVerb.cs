using System.CommandLine;
using Kta.Functional;
using Kta.Functional.Files;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Asks an endpoint what the operator asks, and says what it would make of the answers.</summary>
internal static class CheckVerb
{
    internal static Command Create(Terminal terminal)
    {
        var url = new Argument<string>("URL") { Description = "A server of steps, such as http://127.0.0.1:8096." };
        var policy = new Option<string?>("--policy") { Description = "Ask about the topology of this policy file, not about some that are made up.", HelpName = "POLICY.yaml" };
        var monitor = new Option<string?>("--monitor-result") { Description = "A file with what monitor answers, for a server without monitor. Default: measurements as kta's monitors answer them.", HelpName = "FILE.json" };
        var json = SimulateVerb.JsonOption();
        var command = new Verb(
            "check", "Sends valid and damaged requests to any server of steps, and says what the operator would make of its answers.", "kta check http://127.0.0.1:8096")
        {
            url, policy, monitor, json,
        };
        command.Does(terminal, async (parsed, cancellationToken) =>
        {
            var endpoints = EndpointsOf(parsed.GetValue(url)!);
            var report = await ProtocolCheck.RunAsync(endpoints, TopologyOf(parsed.GetValue(policy)), ResultOf(parsed.GetValue(monitor)), cancellationToken);
            if (parsed.GetValue(json))
            {
                terminal.Result(report.ToJson(endpoints.Plan).ToJsonString(OutcomeJson.Format));
            }
            else
            {
                foreach (var line in report.Lines())
                {
                    terminal.Result(line);
                }
            }

            return report.HasErrors ? Verb.Failed : Verb.Done;
        });
        return command;
    }

    private static StepEndpoints EndpointsOf(string text)
    {
        try
        {
            return StepEndpoints.At(text);
        }
        catch (ArgumentException error)
        {
            throw new UsageException(ServerFile.SentenceOf(error));
        }
    }

    private static Topology? TopologyOf(string? path)
    {
        if (path is null)
        {
            return null;
        }

        var file = PolicyFile.Read(path);
        if (file.Policies is not [var policy])
        {
            throw new UsageException($"--policy {path}: it holds {file.Policies.Count} policies, and the check is about one.");
        }

        return policy.Topology.FirstOrDefault(node => node is ScaleTargetRef { Kind: not "Deployment" }) is { } node
            ? throw new UsageException($"--policy {path}: the operator knows Deployments only, so it cannot be asked about {node}.")
            : policy.Topology;
    }

    private static ReadOnlyMemory<byte>? ResultOf(string? path)
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            return OperatorReply.ReadResult(File.ReadAllBytes(path));
        }
        catch (FormatException error)
        {
            throw new UsageException($"--monitor-result {path}: {error.Message}");
        }
    }
}
