using System.Text;

namespace Kta.Functional.Monitoring.Servers;

/// <summary>What no message may show, not even where a server repeats what it was sent.</summary>
internal sealed class SecretWords
{
    /// <summary>A shorter word would hide parts of others.</summary>
    private const int Shortest = 4;

    private readonly string? _user;
    private readonly string[] _given;
    private volatile string? _read;

    internal SecretWords(ServerOptions options)
    {
        _user = options.UserName;
        _given = [.. new[] { options.BearerToken, options.Password }.OfType<string>().Concat(options.Headers.Values)];
    }

    /// <summary>Remembers what a file says now.</summary>
    internal string Noted(string secret) => _read = secret;

    /// <summary>The same text without them.</summary>
    internal string Hidden(string text)
    {
        IEnumerable<string> words = _read is { } read ? [.. _given, read] : _given;
        return Hidden(text, words.SelectMany(word => new[] { word, Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_user}:{word}")) })
            .Where(word => word.Length >= Shortest));
    }

    /// <summary>A text without some words, none of them empty. The longest go first: a shorter one may be a part of them.</summary>
    internal static string Hidden(string text, IEnumerable<string> words) => words
        .OrderByDescending(word => word.Length)
        .Aggregate(text, (hidden, word) => hidden.Replace(word, "***", StringComparison.Ordinal));
}
