using System.Net.Http.Headers;
using Kta.Functional.Calls;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>A server of steps, by the address all of them share.</summary>
internal sealed class Endpoint
{
    private readonly StepEndpoints _all;

    private Endpoint(StepEndpoints all) => _all = all;

    internal Uri Address => _all.Plan;

    /// <exception cref="UsageException">The text is no address.</exception>
    internal static Endpoint Parse(string text)
    {
        try
        {
            return new(StepEndpoints.At(text));
        }
        catch (ArgumentException error)
        {
            throw new UsageException($"--endpoint: {error.Message}");
        }
    }

    /// <summary>The steps it serves: analyze is left out by servers that have none.</summary>
    internal async Task<StepEndpoints> FindAsync(CancellationToken cancellationToken) =>
        await HasAsync(_all.Analyze!, cancellationToken) ? _all : _all with { Analyze = null };

    /// <summary>Calls the steps for as long as something is done with them.</summary>
    /// <exception cref="CommandFailedException">A step cannot be reached.</exception>
    internal async Task<TResult> WithStepsAsync<TResult>(Func<string, StepHandler, Task<TResult>> use)
    {
        using var client = CreateClient();
        try
        {
            return await use(Address.GetLeftPart(UriPartial.Authority), _all.CalledWith(client));
        }
        catch (HttpRequestException error)
        {
            throw new CommandFailedException(error.Message, error);
        }
    }

    /// <exception cref="CommandFailedException">The server cannot be reached.</exception>
    internal async Task<(int Status, string Text)> ExplainAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken) =>
        await SendAsync(HttpMethod.Post, new Uri(_all.Plan, "explain"), request, cancellationToken);

    private static HttpClient CreateClient() => new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });

    private static async Task<(int Status, string Text)> SendAsync(HttpMethod method, Uri address, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        using var client = CreateClient();
        using var request = new HttpRequestMessage(method, address);
        if (method == HttpMethod.Post)
        {
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException error)
        {
            throw new CommandFailedException($"{address} cannot be reached: {error.Message}. Is the server running?", error);
        }
    }

    /// <summary>Only a path that nobody serves is not found; a step refuses to be read.</summary>
    private static async Task<bool> HasAsync(Uri step, CancellationToken cancellationToken)
    {
        var (status, _) = await SendAsync(HttpMethod.Get, step, default, cancellationToken);
        return status != 404;
    }
}
