using System.Text.Json;
using Kta.Functional.Monitoring.Servers;

namespace Kta.Functional.Monitoring;

/// <summary>Asks Prometheus, and says what went wrong in words.</summary>
internal sealed class PrometheusServer(ServerOptions options) : IDisposable
{
    /// <summary>Longer ones go by POST: some proxies refuse addresses from 2,048 characters on.</summary>
    private const int LongestAddress = 2_000;

    private const string Mend = "Mend the expression, or the range.";
    private const string Match = "It is an expression, but not for these series: try it in Prometheus, and sum or match what is twice.";

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    private readonly Server _server = new("Prometheus", options);

    internal string Name => _server.Name;

    public void Dispose() => _server.Dispose();

    /// <exception cref="MonitoringException">There is no answer that can be read.</exception>
    internal async Task<PrometheusReply> AskAsync(
        string path, string expression, IEnumerable<KeyValuePair<string, string>> parameters, CancellationToken cancellationToken)
    {
        KeyValuePair<string, string>[] form = [new("query", expression), .. parameters];
        var address = $"{path}?{string.Join('&', form.Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}"))}";
        var query = Shown(expression);
        var reply = address.Length <= LongestAddress
            ? await _server.GetAsync(address, cancellationToken, query).ConfigureAwait(false)
            : await _server.PostFormAsync(path, form, query, cancellationToken).ConfigureAwait(false);
        if (reply.Status is not (>= 200 and < 300))
        {
            throw Refused(query, reply);
        }

        using var json = Parsed(query, reply);
        if (ErrorOf(json.RootElement) is { } error)
        {
            throw Failure(query, $"was answered {reply.Status}, but with an error{(error.Said.Length > 0 ? $", {error.Said.TrimEnd('.')}" : "")}.", RemedyOf(error.Type, 0) ?? "See its log.", reply.Status);
        }

        try
        {
            return PrometheusReply.Read(json.RootElement);
        }
        catch (FormatException wrong)
        {
            throw Failure(query, $"was answered {reply.Status}, but the answer {wrong.Message}.", "Ask for numbers, and a server that answers as Prometheus does.", reply.Status);
        }
    }

    internal MonitoringException Failure(string query, string problem, string remedy, int? status = null) => _server.Failure(query, problem, remedy, status);

    /// <summary>An expression in one line.</summary>
    internal static string Shown(string expression) => $"`{SafeExcerpt.OfLine(expression.ReplaceLineEndings(" "))}`";

    private MonitoringException Refused(string query, ServerReply reply)
    {
        var notThere = options.Address.AbsolutePath.TrimEnd('/').EndsWith("/api/v1", StringComparison.Ordinal)
            ? "Leave /api/v1 out of its address."
            : "Is it Prometheus, and is a path missing in its address, such as /prometheus?";
        using var json = TryParse(reply.Body);
        return json is not null && ErrorOf(json.RootElement) is { } error
            ? reply.Status is not (401 or 403 or 404 or 429) && RemedyOf(error.Type, reply.Status) is { } remedy
                ? Failure(query, $"was answered {reply.Status}{(error.Said.Length > 0 ? $", {error.Said.TrimEnd('.')}" : $": {reply.Excerpt}")}.", remedy, reply.Status)
                : _server.Refused(query, reply, error.Said, notThere)
            : _server.Refused(query, reply, null, notThere);
    }

    private JsonDocument Parsed(string query, ServerReply reply)
    {
        try
        {
            return JsonDocument.Parse(reply.Body, s_strict);
        }
        catch (JsonException wrong)
        {
            var start = reply.Body.Span.TrimStart(" \t\r\n\uFEFF"u8);
            throw start.IsEmpty ? Failure(query, $"was answered {reply.Status}, but with nothing.", "Is a proxy on the way?", reply.Status)
                : start[0] == '<' ? Failure(query, $"was answered {reply.Status}, but with HTML: {reply.Excerpt}.", "Is it Prometheus, and not a page to sign in, and is a path missing in its address?", reply.Status)
                : Failure(query, $"was answered {reply.Status}, but with no whole JSON: {wrong.Message.TrimEnd('.')}.", "Was the answer cut off on the way?", reply.Status);
        }
        catch (InvalidOperationException)
        {
            throw Failure(query, $"was answered {reply.Status}, but with a name that is no Unicode.", "Is it Prometheus, and was the answer changed on the way?", reply.Status);
        }
    }

    private static JsonDocument? TryParse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static (string Type, string Said)? ErrorOf(JsonElement root)
    {
        try
        {
            return root.ValueKind == JsonValueKind.Object && Text(root, "status") == "error"
                ? (Text(root, "errorType") ?? "", SafeExcerpt.OfLine(string.Join(": ", new[] { Text(root, "errorType"), Text(root, "error") }.Where(text => text is { Length: > 0 }))))
                : null;
        }
        catch (InvalidOperationException)
        {
            return ("", "an error in no Unicode");
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    /// <summary>What to do, by the kind of the error, or by the status where a server has kinds of its own.</summary>
    private static string? RemedyOf(string errorType, int status) => (errorType, status) switch
    {
        ("bad_data", _) => Mend,
        ("execution", _) => Match,
        ("timeout" or "canceled", _) => "It takes Prometheus too long: ask for less, or record it by a rule.",
        (_, 400) => Mend,
        (_, 422) => Match,
        _ => null,
    };
}
