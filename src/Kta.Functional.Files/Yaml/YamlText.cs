using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Kta.Functional.Files;

/// <summary>Writes text so that YAML reads the same.</summary>
internal static partial class YamlText
{
    /// <summary>As it is where YAML reads nothing else into it, otherwise in quotes.</summary>
    internal static string Of(string text)
    {
        if (PlainWord().IsMatch(text) && text.ToUpperInvariant() is not ("TRUE" or "FALSE" or "NULL" or "YES" or "NO" or "ON" or "OFF" or "Y" or "N"))
        {
            return text;
        }

        var quoted = new StringBuilder("\"");
        foreach (var letter in text)
        {
            // A surrogate is half of a letter and stays beside its other half.
            _ = letter is '"' or '\\' ? quoted.Append('\\').Append(letter)
                : char.IsControl(letter) || letter is '\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff' ? quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}")
                : quoted.Append(letter);
        }

        return quoted.Append('"').ToString();
    }

    [GeneratedRegex(@"^[A-Za-z_][A-Za-z0-9_./-]*\z")]
    private static partial Regex PlainWord();
}
