using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Kta.Functional.Calls;
using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>Calls endpoints as the operator's client does: HTTP/1.1, no redirects, JSON without charset, whole bodies.</summary>
internal sealed class HttpCaller(StepEndpoints endpoints, LocalOperatorOptions options) : IDisposable
{
    private const int ReadSize = 16 * 1024;
    private const int LargestBody = 64 << 20;

    private readonly Uri _explain = new(endpoints.Plan, "explain");
    private readonly HttpClient? _own = options.HttpClient is null ? CreateClient() : null;

    internal ServedSteps Steps()
    {
        var steps = Enum.GetValues<Step>().Where(step => step != Step.Analyze || endpoints.Analyze is not null);
        return new(
            (step, request, cancellationToken) => CallAsync(AddressOf(step), request, cancellationToken),
            null,
            steps.ToDictionary(step => step, step => new ServedStep(AddressOf(step).ToString())))
        {
            Explain = options.Explain ? ExplainAsync : null,
        };
    }

    public void Dispose() => _own?.Dispose();

    private Uri AddressOf(Step step) => step switch
    {
        Step.Monitor => endpoints.Monitor,
        Step.Analyze => endpoints.Analyze!,
        _ => endpoints.Plan,
    };

    /// <summary>Reasons are an extra: that a server has none, or fails to tell them, changes nothing.</summary>
    private async Task<ReadOnlyMemory<byte>?> ExplainAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(_explain, request, cancellationToken).ConfigureAwait(false) is { StatusCode: 200 } reply ? reply.Body : null;
        }
        catch (StepUnreachableException)
        {
            return null;
        }
    }

    private async Task<StepReply> CallAsync(Uri address, ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ReadOnlyMemoryContent(request) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.StepTimeout);
        var body = new ArrayBufferWriter<byte>();
        int? status = null;
        try
        {
            using var response = await (_own ?? options.HttpClient!)
                .SendAsync(message, HttpCompletionOption.ResponseHeadersRead, timeout.Token).ConfigureAwait(false);
            status = (int)response.StatusCode;
            using var stream = await response.Content.ReadAsStreamAsync(timeout.Token).ConfigureAwait(false);
            while (await stream.ReadAsync(body.GetMemory(ReadSize), timeout.Token).ConfigureAwait(false) is > 0 and var read)
            {
                body.Advance(read);
                if (body.WrittenCount > LargestBody)
                {
                    throw new InvalidDataException($"the body is larger than {LargestBody >> 20} MiB");
                }
            }

            return HttpAnswer.Of(address, response, body.WrittenMemory);
        }
        catch (HttpRequestException error)
        {
            throw Unreachable(HttpTroubles.Describe(address, error), error);
        }
        catch (IOException error)
        {
            throw Unreachable(
                Invariant($"{address} answered {status}, but broke off after {body.WrittenCount} bytes: {error.Message} See the log of the server."), error);
        }
        catch (InvalidDataException error)
        {
            throw Unreachable(
                $"{address} answered {status}, but {error.Message}. Is it the address of a step? Results should stay below 500 kB, as Kubernetes keeps them.", error);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            var limit = timeout.IsCancellationRequested ? options.StepTimeout : options.HttpClient?.Timeout ?? options.StepTimeout;
            throw Unreachable(HttpTroubles.DescribeTimeout(address, limit, status, body.WrittenCount), error);
        }

        static StepUnreachableException Unreachable(string what, Exception error) => new(what, error);
    }

    /// <summary>A client as the operator's.</summary>
    /// <param name="around">Stands between the client and its connections; null for nothing.</param>
    internal static HttpClient CreateClient(DelegatingHandler? around = null)
    {
        HttpMessageHandler connections = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
        };
        around?.InnerHandler = connections;
        return new(around ?? connections) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
