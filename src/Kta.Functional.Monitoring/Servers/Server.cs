using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using static System.FormattableString;

namespace Kta.Functional.Monitoring.Servers;

/// <summary>Asks one server over HTTP: its own connections, its credentials, and what went wrong in words.</summary>
internal sealed class Server : IDisposable
{
    private const int ReadSize = 16 * 1024;
    private const int LargestBody = 64 << 20;

    private readonly string _name;
    private readonly ServerOptions _options;
    private readonly HttpClient _client;
    private readonly SecretWords _secrets;

    /// <exception cref="ArgumentException">The options do not fit, or a file of theirs cannot be read.</exception>
    internal Server(string name, ServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_name, _options) = (name, options.Checked());
        _secrets = new(_options);
        _client = new(Connection.Of(_options)) { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        foreach (var (header, value) in _options.Headers)
        {
            _client.DefaultRequestHeaders.TryAddWithoutValidation(header, value);
        }
    }

    /// <summary>What and where it is, for messages.</summary>
    internal string Name => $"{_name} at {_options.Address.ToString().TrimEnd('/')}";

    public void Dispose() => _client.Dispose();

    /// <summary>Asks, again if it cannot be reached, for as long as there is time.</summary>
    /// <param name="path">Path and query, relative to the address of the server; no secrets.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <param name="query">What is asked, for messages; null: the path.</param>
    /// <exception cref="MonitoringException">It does not answer.</exception>
    internal Task<ServerReply> GetAsync(string path, CancellationToken cancellationToken, string? query = null) =>
        AskAsync(new(query ?? $"GET /{path}", HttpMethod.Get, path, null), cancellationToken);

    /// <inheritdoc cref="GetAsync"/>
    /// <param name="path">The path, relative to the address of the server.</param>
    /// <param name="form">What is sent, form-encoded.</param>
    /// <param name="query">What is asked, for messages.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    internal Task<ServerReply> PostFormAsync(
        string path, IReadOnlyList<KeyValuePair<string, string>> form, string query, CancellationToken cancellationToken) =>
        AskAsync(new(query, HttpMethod.Post, path, () => new FormUrlEncodedContent(form)), cancellationToken);

    /// <inheritdoc cref="GetAsync"/>
    /// <param name="path">The path, relative to the address of the server.</param>
    /// <param name="json">What is put there. It may arrive more than once.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    internal Task<ServerReply> PutAsync(string path, ReadOnlyMemory<byte> json, CancellationToken cancellationToken) =>
        AskAsync(new($"PUT /{path}", HttpMethod.Put, path, () => JsonOf(json)), cancellationToken);

    /// <summary>That it answered something, but not what was asked for.</summary>
    /// <param name="query">What was asked.</param>
    /// <param name="reply">What it answered.</param>
    /// <param name="said">What it said, if that stands somewhere in the body; null for the beginning of the body.</param>
    /// <param name="notThere">What to do if it is not there.</param>
    internal MonitoringException Refused(string query, ServerReply reply, string? said, string notThere)
    {
        var words = _secrets.Hidden(said is { Length: > 0 } ? SafeExcerpt.OfLine(said) : reply.Excerpt);
        var problem = $"was answered {reply.Status}{(words.Length > 0 ? $": {words.TrimEnd('.')}" : "")}.";
        return Failure(query, problem, Remedy(reply, notThere, _options.Address), reply.Status);
    }

    internal MonitoringException Failure(string query, string problem, string remedy, int? status = null, Exception? inner = null) =>
        new(Name, query, _secrets.Hidden(problem), remedy, status, inner);

    private static string Remedy(ServerReply reply, string notThere, Uri server) => reply.Status switch
    {
        401 => "It wants to know who asks: give a bearer token, or a user and a password, or check those that are given.",
        403 => "Who asks is known, but has not the right to do this: give the user or the service account that right.",
        404 or 410 => notThere,
        407 => "A proxy on the way wants to know who asks.",
        429 => "It is asked too often: ask for less at once, or raise its limits.",
        >= 300 and < 400 => reply.Location is { } to
            ? $"It leads to {new Uri(server, to).GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)}: give that address, if it is the right server."
            : "It leads elsewhere: give the address that it leads to.",
        >= 500 => "The fault is the server's: see its log.",
        _ => "Check the address and what is asked.",
    };

    private static ReadOnlyMemoryContent JsonOf(ReadOnlyMemory<byte> json)
    {
        var content = new ReadOnlyMemoryContent(json);
        content.Headers.ContentType = new("application/json");
        return content;
    }

    private async Task<ServerReply> AskAsync(Question question, CancellationToken cancellationToken)
    {
        var query = question.Text;
        for (var attempt = 0; ; attempt++)
        {
            MonitoringException failure;
            try
            {
                var reply = await SendAsync(question, cancellationToken).ConfigureAwait(false);
                if (reply.Status is not (500 or 502 or 503 or 504) || attempt >= _options.Retries)
                {
                    return reply;
                }

                failure = Refused(query, reply, null, "");
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                failure = Unreachable(query, error);
                if (attempt >= _options.Retries || error is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError })
                {
                    throw failure;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException($"{Name}: {query} was not answered before the time of the step was up.", cancellationToken);
            }

            await PauseAsync(attempt, failure, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task PauseAsync(int attempt, MonitoringException failure, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100 << attempt), cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw failure;
        }
    }

    private async Task<ServerReply> SendAsync(Question question, CancellationToken cancellationToken)
    {
        var query = question.Text;
        using var request = new HttpRequestMessage(question.Method, new Uri(_options.Address, question.Path));
        request.Content = question.Content?.Invoke();
        request.Headers.Authorization = await AuthorizationAsync(cancellationToken).ConfigureAwait(false);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        using var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var body = new ArrayBufferWriter<byte>();
        try
        {
            while (await stream.ReadAsync(body.GetMemory(ReadSize), cancellationToken).ConfigureAwait(false) is > 0 and var read)
            {
                body.Advance(read);
                if (body.WrittenCount > LargestBody)
                {
                    throw Failure(query, Invariant($"was answered with more than {LargestBody >> 20} MiB."), "Ask for less at once.", (int)response.StatusCode);
                }
            }
        }
        catch (Exception error) when (error is InvalidDataException or InvalidOperationException)
        {
            throw Failure(
                query, $"was answered with a body that cannot be unpacked: {error.Message.TrimEnd('.')}.", "See the server, or a proxy on the way.", (int)response.StatusCode, error);
        }

        return new((int)response.StatusCode, body.WrittenMemory, response.Headers.Location);
    }

    private async Task<AuthenticationHeaderValue?> AuthorizationAsync(CancellationToken cancellationToken)
    {
        if (_options.UserName is { } user)
        {
            var password = _options.Password ?? await SecretAsync(_options.PasswordFile, cancellationToken).ConfigureAwait(false) ?? "";
            return new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));
        }

        var token = _options.BearerToken ?? await SecretAsync(_options.BearerTokenFile, cancellationToken).ConfigureAwait(false);
        return token is null ? null
            : ServerOptions.IsHeaderText(token) ? new("Bearer", token)
            : throw Failure("a request", "was not made.", $"{_options.BearerTokenFile} holds no bearer token: one line without spaces is needed.");
    }

    private async Task<string?> SecretAsync(string? file, CancellationToken cancellationToken)
    {
        try
        {
            return file is null ? null : _secrets.Noted((await File.ReadAllTextAsync(file, cancellationToken).ConfigureAwait(false)).Trim('\r', '\n'));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failure("a request", "was not made.", $"The file of its secret cannot be read: {error.Message}", inner: error);
        }
    }

    private MonitoringException Unreachable(string query, Exception error) => error is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
        ? Failure(query, $"was not made, for the connection is not secure: {(error.InnerException ?? error).Message}", "Give the authority that signed its certificate, or check its name.", inner: error)
        : Failure(query, $"was not answered: {error.Message.TrimEnd('.')}.", "Is the server running, and is the address right?", inner: error);

    /// <param name="Text">What is asked, for messages.</param>
    /// <param name="Method">The method.</param>
    /// <param name="Path">Path and query, relative to the address of the server.</param>
    /// <param name="Content">What is sent, made anew for each attempt.</param>
    private sealed record Question(string Text, HttpMethod Method, string Path, Func<HttpContent>? Content);
}
