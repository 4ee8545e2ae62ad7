using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace Kta.Cli;

/// <summary>Options that are numbers, written alike in every culture.</summary>
internal static class NumberOption
{
    /// <param name="name">With its dashes.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="expected">What the number has to be, for messages: <c>a whole number</c>.</param>
    /// <param name="helpName">What stands for it in the help.</param>
    internal static Option<T?> Of<T>(string name, string description, string expected, string helpName = "N")
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
                if (T.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number))
                {
                    return number;
                }

                result.AddError($"{name} {text}: expected {expected}.");
                return null;
            },
        };
}
