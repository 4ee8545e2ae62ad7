using System.CommandLine;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>What a verb is to the command line: its exit codes, and how its errors are told.</summary>
internal sealed class Verb(string name, string description, string example) : Command(name, description)
{
    internal const int Done = 0;
    internal const int Failed = 1;
    internal const int WrongUsage = 2;

    /// <summary>A line one can type.</summary>
    internal string Example => example;

    internal void Does(Terminal terminal, Func<ParseResult, CancellationToken, Task<int>> action) =>
        SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await action(parsed, cancellationToken);
            }
            catch (UsageException error)
            {
                terminal.Note(error.Message);
                terminal.Note($"See kta {Name} --help.");
                return WrongUsage;
            }
            catch (FileProblemException error)
            {
                terminal.Note(error.Message);
                return Failed;
            }
            catch (Exception error) when (error is CommandFailedException or IOException or UnauthorizedAccessException)
            {
                terminal.Note(error.Message);
                return Failed;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                terminal.Note("Stopped.");
                return Failed;
            }
        });
}
