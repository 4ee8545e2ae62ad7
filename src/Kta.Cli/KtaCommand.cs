using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Kta.Functional;

namespace Kta.Cli;

/// <summary>The whole command line.</summary>
internal static class KtaCommand
{
    internal static RootCommand Create(Terminal terminal)
    {
        var root = new RootCommand("Simulate, compare, tune and run autoscaling algorithms for stream-processing topologies.")
        {
            SimulateVerb.Create(terminal),
            CompareVerb.Create(terminal),
            TuneVerb.Create(terminal),
            FitVerb.Create(terminal),
            MergeVerb.Create(terminal),
            ServeVerb.Create(terminal),
            RunVerb.Create(terminal),
            FlinkVerb.Create(terminal),
            InitVerb.Create(terminal),
            CheckVerb.Create(terminal),
            ReplayVerb.Create(terminal),
            ExplainVerb.Create(terminal),
            HistoryVerb.Create(terminal),
            ReportVerb.Create(terminal),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExample((HelpAction)help.Action!, terminal);
        return root;
    }

    internal static async Task<int> InvokeAsync(IReadOnlyList<string> arguments, Terminal terminal, CancellationToken cancellationToken = default)
    {
        var parsed = Create(terminal).Parse(arguments);
        if (parsed.Action is ParseErrorAction)
        {
            Explain(parsed, terminal);
            return Verb.WrongUsage;
        }

        // A server that ends calls under way must not be cut off by the command line.
        var settings = new InvocationConfiguration
        {
            Output = terminal.Results.Profile.Out.Writer,
            Error = terminal.Notes.Profile.Out.Writer,
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(settings, cancellationToken);
    }

    private static void Explain(ParseResult parsed, Terminal terminal)
    {
        var command = parsed.CommandResult.Command;
        var known = command.Subcommands.Select(one => one.Name).Concat(command.Options.Select(one => one.Name)).ToList();
        foreach (var word in parsed.UnmatchedTokens.Take(1))
        {
            terminal.Note($"'{word}' is not known{(known.Count > 0 ? SimilarName.Hint(word, known) : ".")}");
        }

        if (parsed.UnmatchedTokens.Count == 0)
        {
            foreach (var error in parsed.Errors)
            {
                terminal.Note(error.Message);
            }
        }

        terminal.Note($"See kta{(command is Verb ? $" {command.Name}" : "")} --help.");
    }

    private sealed class HelpWithExample(HelpAction inner, Terminal terminal) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var code = inner.Invoke(parseResult);
            if (parseResult.CommandResult.Command is Verb verb)
            {
                terminal.Result($"Example:{Environment.NewLine}  {verb.Example}");
            }

            return code;
        }
    }
}
