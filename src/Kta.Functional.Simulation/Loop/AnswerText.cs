using System.Text;
using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>Answers as they stand in messages: the beginning of what may be megabytes, without control characters.</summary>
internal static class AnswerText
{
    private const int LongestExcerpt = 2000;

    internal static string Excerpt(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return "(no body)";
        }

        var text = new StringBuilder(Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, LongestExcerpt)]));
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = text[i] is '\r' or '\n' or '\t' ? ' ' : char.IsControl(text[i]) ? '\uFFFD' : text[i];
        }

        return body.Length <= LongestExcerpt ? text.ToString() : text.Append(Invariant($"… ({body.Length} bytes)")).ToString();
    }
}
