using Kta.Functional.Monitoring.Servers;

namespace Kta.Functional.Monitoring.Kafka.Cluster;

/// <summary>The settings of a client with the secrets among them, and text without these.</summary>
internal sealed class Secrets
{
    private static readonly string[] s_words = ["password", "secret", "token", "pem", "jaas", "oauthbearer.config", "private"];

    private readonly string[] _values;

    /// <exception cref="ArgumentException">The file of the password cannot be read.</exception>
    internal Secrets(KafkaMonitorOptions options)
    {
        var settings = options.ClientSettings.ToDictionary();
        if (options.PasswordFile is { } file)
        {
            settings["sasl.password"] = PasswordIn(file);
        }

        Settings = settings;
        _values =
        [
            .. settings.Where(setting => setting.Value.Length > 0 && Array.Exists(s_words, word => setting.Key.Contains(word, StringComparison.OrdinalIgnoreCase)))
                .Select(setting => setting.Value),
        ];
    }

    /// <summary>All settings of the client.</summary>
    internal IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>A text of somebody else, which may quote a secret.</summary>
    internal string Hide(string text) => SecretWords.Hidden(text, _values);

    private static string PasswordIn(string file)
    {
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"The file with the password for Kafka cannot be read: {error.Message}", error);
        }
    }
}
