namespace Kta.Functional.Monitoring;

/// <summary>How a server is reached: its address, who asks, and whom to trust.</summary>
/// <remarks>Immutable. Secrets show in no text, message or log. Files are read again whenever they are needed, for their contents are renewed.</remarks>
/// <example><code>new ServerOptions("https://prometheus:9090") { BearerTokenFile = "/var/run/secrets/kubernetes.io/serviceaccount/token" }</code></example>
public sealed record ServerOptions
{
    /// <summary>A server.</summary>
    /// <param name="address">
    /// Its address with <c>http</c> or <c>https</c>, and a path if it stands behind one. A user and a password in it become
    /// <see cref="UserName"/> and <see cref="Password"/>.
    /// </param>
    /// <exception cref="ArgumentException">It is no such address.</exception>
    public ServerOptions(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!Uri.TryCreate(address.Trim(), UriKind.Absolute, out var found) || found.Scheme is not ("http" or "https") || found.Host.Length == 0)
        {
            throw new ArgumentException(
                "The address of a server has to be one with http or https, such as http://prometheus:9090. What is given is none.", nameof(address));
        }

        if (found.Query.Length > 0 || found.Fragment.Length > 0)
        {
            throw new ArgumentException($"The address of a server has no query and no fragment: leave out what follows '{WithoutUser(found.GetLeftPart(UriPartial.Path))}'.", nameof(address));
        }

        if (found.UserInfo.Split(':', 2) is [{ Length: > 0 } user, .. var password])
        {
            (UserName, Password) = (Uri.UnescapeDataString(user), Uri.UnescapeDataString(password is [var one] ? one : ""));
        }

        Address = new UriBuilder(found) { UserName = "", Password = "", Path = found.AbsolutePath.TrimEnd('/') + "/" }.Uri;
    }

    /// <summary>The address, with a slash at its end and without user and password.</summary>
    public Uri Address { get; }

    /// <summary>A token for <c>Authorization: Bearer</c>.</summary>
    public string? BearerToken { get; init; }

    /// <summary>A file with such a token.</summary>
    public string? BearerTokenFile { get; init; }

    /// <summary>The user for basic authentication, with <see cref="Password"/> or <see cref="PasswordFile"/>.</summary>
    public string? UserName { get; init; }

    /// <summary>The password for basic authentication.</summary>
    public string? Password { get; init; }

    /// <summary>A file with that password.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>More headers of each request, for example the tenant of a shared Prometheus.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>A PEM file with the authorities to trust, in place of the system's. It is read once.</summary>
    public string? CertificateAuthorityFile { get; init; }

    /// <summary>A PEM file with the certificate by which the client shows who it is, with <see cref="ClientKeyFile"/>.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>A PEM file with the key of the client's certificate.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>How often a request is made again when the server cannot be reached, or answers 502, 503 or 504. 0 to 10, default 2; never longer than the step has time.</summary>
    public int Retries { get; init; } = 2;

    /// <summary>The address.</summary>
    public override string ToString() => Address.ToString();

    /// <exception cref="ArgumentException">Something does not fit; everything that does not is named.</exception>
    internal ServerOptions Checked()
    {
        string[] problems =
        [
            .. When(BearerToken is not null && BearerTokenFile is not null, "a bearer token is given twice, as text and as a file"),
            .. When(Password is not null && PasswordFile is not null, "a password is given twice, as text and as a file"),
            .. When((BearerToken ?? BearerTokenFile) is not null && UserName is not null, "a bearer token and a user cannot be given both"),
            .. When((Password ?? PasswordFile) is not null && UserName is null, "a password is given, but no user"),
            .. When((ClientCertificateFile is null) != (ClientKeyFile is null), "a client's certificate needs its key, and a key its certificate"),
            .. When(Retries is < 0 or > 10, $"retries has to be 0 to 10, got {Retries}"),
            .. When(BearerToken is not null && !IsHeaderText(BearerToken), "the bearer token has characters that no header can carry, a line break perhaps"),
            .. When(Headers is null, "headers are null"),
            .. (Headers ?? new Dictionary<string, string>()).Where(header => !IsHeader(header)).Select(header => $"'{header.Key}' with its value can be no header of a request"),
        ];
        return problems.Length == 0
            ? this with { Headers = Headers!.ToDictionary() }
            : throw new ArgumentException($"The options of the server {Address} are wrong: {string.Join("; ", problems)}.");
    }

    internal static bool IsHeaderText(string text) => text.Length > 0 && text.All(letter => letter is > ' ' and < '\x7f');

    private static string[] When(bool isWrong, string problem) => isWrong ? [problem] : [];

    private static bool IsHeader(KeyValuePair<string, string> header)
    {
        using var request = new HttpRequestMessage();
        return header.Value is not null && !header.Value.AsSpan().ContainsAny("\r\n\0") && header.Key.Length > 0
            && request.Headers.TryAddWithoutValidation(header.Key, header.Value)
            && !header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase);
    }

    private static string WithoutUser(string address) => address.LastIndexOf('@') is >= 0 and var at ? $"…{address[at..]}" : address;
}
