using Kta.Functional.Files;
using Kta.Functional.Monitoring;

namespace Kta.Cli;

/// <summary>Makes what a file says about a server: its address, who asks, and whom to trust. Secrets stand in files of their own.</summary>
internal static class ServerFile
{
    private const string Expected = "the address of a server, or an object with its url";

    /// <summary>The server, or null if something is wrong with it, which is a problem of the file.</summary>
    /// <param name="value">What stands there.</param>
    /// <param name="folder">Where files are that it names without a whole path.</param>
    internal static ServerOptions? Read(YamlValue value, string folder)
    {
        if (value.IsText)
        {
            return At(value) is { } address ? Checked(value, address) : null;
        }

        var one = value.Object(
            Expected, "url", "bearerTokenFile", "userName", "passwordFile", "headers", "certificateAuthorityFile", "clientCertificateFile", "clientKeyFile", "retries");
        if (one?.Required("url", "an address such as http://prometheus:9090") is not { } url)
        {
            return null;
        }

        // All of it is looked at, so that everything that is wrong is told at once.
        var (bearer, password, user) = (FileOf(one, "bearerTokenFile", folder), FileOf(one, "passwordFile", folder), one["userName"]?.Text("a name"));
        var authority = FileOf(one, "certificateAuthorityFile", folder);
        var (certificate, key) = (FileOf(one, "clientCertificateFile", folder), FileOf(one, "clientKeyFile", folder));
        var headers = HeadersOf(one);
        var retries = one["retries"]?.Whole("a whole number from 0 to 10", 0);
        return At(url) is { } server
            ? Checked(value, server with
            {
                BearerTokenFile = bearer,
                UserName = user,
                PasswordFile = password,
                Headers = headers,
                CertificateAuthorityFile = authority,
                ClientCertificateFile = certificate,
                ClientKeyFile = key,
                Retries = retries ?? server.Retries,
            })
            : null;
    }

    private static ServerOptions? At(YamlValue url)
    {
        try
        {
            var server = url.Text("an address such as http://prometheus:9090") is { } text ? new ServerOptions(text) : null;
            if (server?.UserName is null)
            {
                return server;
            }

            url.Add("has a user or a password in it: give userName and passwordFile");
        }
        catch (ArgumentException error)
        {
            url.Add($"is no address of a server: {SentenceOf(error)}");
        }

        return null;
    }

    private static ServerOptions? Checked(YamlValue value, ServerOptions server)
    {
        try
        {
            return server.Checked();
        }
        catch (ArgumentException error)
        {
            value.Add($"does not fit: {SentenceOf(error)}");
            return null;
        }
    }

    private static Dictionary<string, string> HeadersOf(YamlObject one)
    {
        var headers = new Dictionary<string, string>();
        foreach (var (name, value) in one["headers"]?.Members("an object with the values of headers") ?? [])
        {
            headers[name] = value.Text("the value of a header") ?? "";
        }

        return headers;
    }

    /// <summary>The whole path of a file that is there.</summary>
    internal static string? FileOf(YamlObject one, string name, string folder)
    {
        if (one[name] is not { } value || value.Text("the path of a file") is not { } path)
        {
            return null;
        }

        var whole = path.Contains('\0') ? path : Path.GetFullPath(Path.Combine(folder, path));
        if (!File.Exists(whole))
        {
            value.Add($"there is no file {whole.Replace('\0', '?')}");
        }

        return whole;
    }

    internal static string SentenceOf(ArgumentException error) =>
        error.ParamName is { } name ? error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : error.Message;
}
