using System.Net;
using System.Net.Http.Headers;
using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>Calls endpoints as the operator's client does: HTTP/1.1, no redirects, JSON without charset, whole bodies.</summary>
internal sealed class HttpCaller(StepEndpoints endpoints, LocalOperatorOptions options) : IStepCaller, IDisposable
{
    private readonly HttpClient? _own = options.HttpClient is null ? CreateClient() : null;

    public bool HasAnalyze => endpoints.Analyze is not null;

    public bool IsInProcess => false;

    public Task<StepAnswer> CallUnrecordedAsync(Step step, ReadOnlyMemory<byte> request, CancellationToken cancellationToken) =>
        CallAsync(step, request, cancellationToken);

    public bool IsKnownStateless(Step step) => false;

    public async Task<StepAnswer> CallAsync(Step step, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        var address = step switch
        {
            Step.Monitor => endpoints.Monitor,
            Step.Analyze => endpoints.Analyze!,
            _ => endpoints.Plan,
        };
        using var message = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(request) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.StepTimeout);
        try
        {
            using var response = await (_own ?? options.HttpClient!).SendAsync(message, timeout.Token).ConfigureAwait(false);
            var body = await response.Content.ReadAsByteArrayAsync(timeout.Token).ConfigureAwait(false);
            return new((int)response.StatusCode, body, address.ToString());
        }
        catch (HttpRequestException error)
        {
            throw new StepUnreachableException(address.ToString(), $"{address} could not be called: {error.Message}", error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StepUnreachableException(address.ToString(), Invariant($"{address} did not answer within {options.StepTimeout.TotalSeconds:0.###} s"), error);
        }
    }

    public void Dispose() => _own?.Dispose();

    private static HttpClient CreateClient() =>
        new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
}
