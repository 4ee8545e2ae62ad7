using System.Text;
using System.Text.Json;

namespace Kta.Functional.Wire;

/// <summary>Collects what is wrong with a request, so that one reply names everything.</summary>
internal sealed class RequestProblems
{
    private const int Most = 100;
    private List<RequestProblem>? _all;

    internal bool Any => _all is not null && _all.Count > 0;

    internal void Add(string path, string expected, string found)
    {
        _all ??= [];
        if (_all.Count < Most)
        {
            _all.Add(new RequestProblem(path, expected, found));
        }
    }

    /// <summary>Reports the token the reader stands on and moves over the value that begins there.</summary>
    internal void AddAndSkip(ref Utf8JsonReader reader, string path, string expected, string? found = null)
    {
        Add(path, expected, found ?? Found(ref reader));
        reader.Skip();
    }

    internal InvalidRequestException ToException(bool isUnreadable = false) => new(_all ?? [], isUnreadable);

    private static string Found(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number => SafeExcerpt.Of(Encoding.UTF8.GetString(reader.ValueSpan)),
        JsonTokenType.String => $"the text \"{SafeExcerpt.Of(Encoding.UTF8.GetString(reader.ValueSpan))}\"",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        var token => JsonErrorText.Name(token),
    };
}
