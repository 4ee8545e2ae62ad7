using System.CommandLine;
using Kta.Functional;
using Kta.Functional.Files;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Application files on the command line, and what one can change of all of them there.</summary>
/// <param name="several">Whether there may be more than one.</param>
internal sealed class Applications(bool several)
{
    private readonly Argument<string> _path = new("APP.yaml") { Description = "An application file." };
    private readonly Argument<string[]> _paths = new("APP.yaml...") { Description = "Application files.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<double?> _hours = NumberOption.Of<double>(
        "--hours", "How long it runs. Default: what the file says.", "a number of hours, such as 0.5 or 24");

    private readonly Option<int?> _history = NumberOption.Of<int>(
        "--history", "How many iterations the algorithm sees, as resultHistoryLength of a policy does. Default: all.", "a whole number");

    private readonly Option<long?> _seed = NumberOption.Of<long>(
        "--seed", "Where everything random begins. Default: what the file says.", "a whole number");

    private readonly Option<string[]> _downtime = new("--downtime")
    {
        Description = $"How long a rescale takes, such as 30s{(several ? "; several with commas between them" : "")}. Default: what the file says.",
        HelpName = "TIME",
    };

    /// <param name="command">The verb.</param>
    /// <param name="withRun">Whether it runs an algorithm, for some time.</param>
    internal void AddTo(Command command, bool withRun = true)
    {
        command.Arguments.Add(several ? _paths : _path);
        command.Options.Add(_seed);
        command.Options.Add(_downtime);
        if (withRun)
        {
            command.Options.Add(_hours);
            command.Options.Add(_history);
        }
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

        var paths = PathsOf(parsed);
        if (paths.FirstOrDefault(path => path.StartsWith('-') && !File.Exists(path)) is { } option)
        {
            throw new UsageException($"{option} is not known{SimilarName.Hint(option, [.. parsed.CommandResult.Command.Options.Select(one => one.Name)])}");
        }

        if (paths.GroupBy(Path.GetFullPath).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new UsageException($"{twice.First()} is given twice.");
        }

        var downtimes = DowntimesOf(parsed);
        return
        [
            .. paths.Select(path => (Path: path, Application: Read(path, hours, parsed.GetValue(_seed), terminal)))
                .SelectMany(file => downtimes.Select(downtime => (file.Path, With(file.Application, downtime, isOneOfSeveral: downtimes.Count > 1)))),
        ];
    }

    /// <summary>The files as they were named.</summary>
    internal IReadOnlyList<string> PathsOf(ParseResult parsed) => several ? parsed.GetValue(_paths)! : [parsed.GetValue(_path)!];

    /// <summary>A null stands for what the file says.</summary>
    private IReadOnlyList<TimeSpan?> DowntimesOf(ParseResult parsed)
    {
        var given = (parsed.GetValue(_downtime) ?? []).SelectMany(text => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        return given.Count switch
        {
            0 => [null],
            > 1 when !several => throw new UsageException("--downtime is one time here; kta compare takes several."),
            _ => [.. given.Select(text => TimeText.Parse(text) ?? throw new UsageException($"--downtime {text}: expected {TimeText.Words}."))],
        };
    }

    private static Application With(Application application, TimeSpan? downtime, bool isOneOfSeveral)
    {
        if (downtime is not { } time)
        {
            return application;
        }

        var changed = application with { Downtime = time, Name = isOneOfSeveral ? $"{application.Name}, {Phrase.Length(time)} down" : application.Name };
        return changed.Problems is { Count: > 0 } problems ? throw new UsageException($"--downtime: {problems[0]}") : changed;
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
