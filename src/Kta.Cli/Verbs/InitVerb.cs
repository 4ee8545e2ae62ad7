using System.CommandLine;
using Kta.Functional.Files;
using Kta.Functional.Monitoring;
using Kta.Functional.Monitoring.Flink;

namespace Kta.Cli;

/// <summary>Makes a policy and an application of a running job.</summary>
internal static class InitVerb
{
    internal static Command Create(Terminal terminal)
    {
        var flink = new Option<string>("--flink") { Description = "The address of the job manager, such as http://jobmanager:8081.", HelpName = "URL", Required = true };
        var job = new Option<string?>("--job") { Description = "The job, by its name or its id. Default: the only one that runs.", HelpName = "NAME" };
        var folder = new Option<string>("--out") { Description = "The folder the files are written to. Default: this one.", HelpName = "FOLDER", DefaultValueFactory = _ => "." };
        var force = new Option<bool>("--force") { Description = "Overwrite files that are there." };
        var command = new Verb(
            "init", "Makes a policy file and an application file of a running Flink job.", "kta init --flink http://jobmanager:8081 --job orders --out .")
        {
            flink, job, folder, force,
        };
        command.Does(terminal, async (parsed, cancellationToken) =>
        {
            var server = AddressOf(parsed.GetValue(flink)!);
            var found = await SurveyAsync(server, parsed.GetValue(job), terminal, cancellationToken);
            var policy = SurveyedPolicy.Of(found, new(server.Address.AbsoluteUri.TrimEnd('/')));
            var application = new SurveyedApplication(found);
            var (policyPath, applicationPath) = (In($"{policy.Name}-policy.yaml"), In($"{policy.Name}.yaml"));
            var texts = Checked(policy, policyPath, application.Write(policy.MaxParallelism), applicationPath);
            if (!parsed.GetValue(force) && Array.Find([policyPath, applicationPath], File.Exists) is { } there)
            {
                throw new CommandFailedException($"{there} is there already. Give another folder with --out, or --force to overwrite it.");
            }

            Directory.CreateDirectory(parsed.GetValue(folder)!);
            await File.WriteAllTextAsync(policyPath, texts.Policy, cancellationToken);
            await File.WriteAllTextAsync(applicationPath, texts.Application, cancellationToken);
            terminal.Result($"policy: {policyPath} ({policy.FullName}, {found.Vertices.Count} vertices, at most {policy.MaxParallelism} instances each)");
            terminal.Result($"application: {applicationPath} (guessed: {string.Join(", ", application.Guessed)})");
            terminal.Result("Next, see what an algorithm would do with it, then let it decide:");
            terminal.Result($"  kta simulate {applicationPath} --algorithm {policy.Algorithm}");
            terminal.Result($"  kta run {policyPath}");
            return Verb.Done;

            string In(string name) => Path.Combine(parsed.GetValue(folder)!, name);
        });
        return command;
    }

    private static ServerOptions AddressOf(string text)
    {
        try
        {
            var server = new ServerOptions(text);
            return server.UserName is null
                ? server
                : throw new UsageException("--flink: a user and a password would stand in the files: give the address without them.");
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"--flink: {ServerFile.SentenceOf(error)}");
        }
    }

    private static async Task<FlinkSurvey> SurveyAsync(ServerOptions server, string? job, Terminal terminal, CancellationToken cancellationToken)
    {
        try
        {
            return await FlinkSurvey.OfAsync(server, job, terminal.Note, TimeProvider.System, cancellationToken);
        }
        catch (MonitoringException error)
        {
            throw new CommandFailedException(job is null ? $"{error.Message} A job is given with --job." : error.Message, error);
        }
        catch (ArgumentException error)
        {
            throw new CommandFailedException($"The job cannot be described: {ServerFile.SentenceOf(error)}", error);
        }
    }

    /// <summary>Nothing is written that could not be read again.</summary>
    private static (string Policy, string Application) Checked(KtaPolicy policy, string policyPath, string application, string applicationPath)
    {
        try
        {
            ApplicationFile.Parse(application, applicationPath);
            return ($"""
                # Taken to the operator it needs a backend at the endpoints (kta serve); with kta run the annotations are enough.
                # The bounds are a guess: minParallelism and maxParallelism hold for each vertex.
                {PolicyFile.ToYaml(policy)}
                """, application);
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            throw new CommandFailedException($"The job cannot be described, so nothing is written: {error.Message}", error);
        }
    }
}
