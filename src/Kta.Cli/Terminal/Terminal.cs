using Spectre.Console;

namespace Kta.Cli;

/// <summary>Where a command writes: its results to one stream, everything else to the other.</summary>
/// <param name="Results">What a program behind a pipe reads.</param>
/// <param name="Notes">Progress, remarks and errors.</param>
internal sealed record Terminal(IAnsiConsole Results, IAnsiConsole Notes)
{
    // Wide enough that nothing is wrapped which another program reads.
    private const int PipedWidth = 500;

    internal static Terminal OfProcess() =>
        new(Open(Console.Out, Console.IsOutputRedirected), Open(Console.Error, Console.IsErrorRedirected));

    /// <summary>Whether somebody watches who sees a picture change.</summary>
    internal bool IsWatched => Notes.Profile is { Capabilities.Ansi: true, Capabilities.Interactive: true };

    internal void Result(string text) => Results.Profile.Out.Writer.WriteLine(text);

    internal void Note(string text) => Notes.Profile.Out.Writer.WriteLine(text);

    private static IAnsiConsole Open(TextWriter writer, bool isPiped)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
        if (isPiped)
        {
            console.Profile.Width = PipedWidth;
            console.Profile.Capabilities.Interactive = false;
        }

        return console;
    }
}
