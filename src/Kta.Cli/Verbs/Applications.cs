using System.CommandLine;
using Kta.Functional.Files;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Application files on the command line, and what one can change of all of them there.</summary>
/// <param name="several">Whether there may be more than one.</param>
internal sealed class Applications(bool several)
{
    private readonly Argument<string> _path = new("APP.yaml") { Description = "An application file." };
    private readonly Argument<string[]> _paths = new("APP.yaml...") { Description = "Application files.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<double?> _hours = new("--hours") { Description = "How long it runs. Default: what the file says.", HelpName = "N" };
    private readonly Option<int?> _history = new("--history")
    {
        Description = "How many iterations the algorithm sees, as resultHistoryLength of a policy does. Default: all.",
        HelpName = "N",
    };

    private readonly Option<long?> _seed = new("--seed") { Description = "Where everything random begins. Default: what the file says.", HelpName = "N" };

    internal void AddTo(Command command)
    {
        command.Arguments.Add(several ? _paths : _path);
        command.Options.Add(_hours);
        command.Options.Add(_seed);
        command.Options.Add(_history);
    }

    internal int? HistoryOf(ParseResult parsed) => parsed.GetValue(_history) switch
    {
        < 1 => throw new UsageException("--history has to be at least 1."),
        var history => history,
    };

    /// <summary>Reads all files; what should be known about them is noted.</summary>
    /// <exception cref="FileProblemException">Something is wrong in a file.</exception>
    /// <exception cref="UsageException">An option makes no sense.</exception>
    internal IReadOnlyList<(string Path, Application Application)> Read(ParseResult parsed, Terminal terminal)
    {
        var hours = parsed.GetValue(_hours);
        if (hours is not null and not (> 0 and <= 87_600))
        {
            throw new UsageException("--hours has to be above 0, at most 87600.");
        }

        string[] paths = several ? parsed.GetValue(_paths)! : [parsed.GetValue(_path)!];
        return [.. paths.Select(path => (path, Read(path, hours, parsed.GetValue(_seed), terminal)))];
    }

    private static Application Read(string path, double? hours, long? seed, Terminal terminal)
    {
        var file = ApplicationFile.Read(path);
        foreach (var note in file.Notes)
        {
            terminal.Note($"{path}: {note}");
        }

        var application = file.Application;
        return application with
        {
            Duration = hours is { } given ? TimeSpan.FromSeconds(Math.Max(1, Math.Round(given * 3_600))) : application.Duration,
            Seed = seed ?? application.Seed,
        };
    }
}
