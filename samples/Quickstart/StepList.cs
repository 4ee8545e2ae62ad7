using System.CommandLine.Parsing;
using Kta.Functional;

namespace Quickstart;

internal static class StepList
{
    /// <summary>Reads <c>monitor,plan</c>.</summary>
    internal static Step[]? Parse(ArgumentResult argument)
    {
        var names = argument.Tokens
            .SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .ToArray();
        var steps = new List<Step>();
        foreach (var name in names)
        {
            if (Enum.TryParse<Step>(name, ignoreCase: true, out var step) && !char.IsDigit(name[0]))
            {
                steps.Add(step);
            }
            else
            {
                argument.AddError($"'{name}' is no step. Expected a list of monitor, analyze and plan, separated by commas.");
            }
        }

        if (names.Length == 0)
        {
            argument.AddError("--steps names no step. Expected a list of monitor, analyze and plan, separated by commas.");
        }

        return [.. steps.Distinct()];
    }
}
