using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using k8s;
using k8s.Autorest;
using k8s.Exceptions;

namespace Kta.Functional.Operator.Kubernetes;

/// <summary>Makes calls of the API server: each with a time limit, again when it says when.</summary>
/// <param name="Server">The server, for messages.</param>
/// <param name="Limit">The time for one call.</param>
/// <param name="Patience">The time for waiting until it may be asked again, all waits together.</param>
/// <param name="Clock">The time.</param>
internal sealed record ApiCalls(string Server, TimeSpan Limit, TimeSpan Patience, TimeProvider Clock)
{
    /// <summary>A server that says "at once" is not asked without a pause.</summary>
    private static readonly TimeSpan s_shortestWait = TimeSpan.FromMilliseconds(500);

    /// <exception cref="ScalingException">It fails; the message says why, and what to do. The cause is the client's exception.</exception>
    internal async Task<T> MakeAsync<T>(ApiRequest request, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        var waited = TimeSpan.Zero;
        while (true)
        {
            using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limited.CancelAfter(Limit);
            try
            {
                return await call(limited.Token).ConfigureAwait(false);
            }
            catch (HttpOperationException error) when (WaitFor(error.Response) is { } wait)
            {
                if (waited + wait > Patience)
                {
                    throw new ScalingException(request.TooOften(error, wait, Patience), error);
                }

                waited += wait;
                await Task.Delay(wait, Clock, cancellationToken).ConfigureAwait(false);
            }
            catch (HttpOperationException error)
            {
                throw new ScalingException(request.Refused(error), error);
            }
            catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
            {
                var seconds = Limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
                throw new ScalingException($"{request.Subject}: {Server} did not answer within {seconds} s. Is it overloaded, or is something on the way that holds requests back?", error);
            }
            catch (Exception error) when (error is HttpRequestException or IOException)
            {
                var said = (error.InnerException ?? error).Message.TrimEnd('.');
                throw new ScalingException($"{request.Subject}: {Server} did not answer: {said}. Is it running, and is it the right one?", error);
            }
            catch (JsonException error)
            {
                throw new ScalingException($"{request.Subject}: {Server} answered something else than documented: {error.Message} Is it the API server?", error);
            }
            catch (Exception error) when (error is KubernetesException or KubeConfigException or KubernetesClientException or InvalidOperationException)
            {
                throw new ScalingException($"{request.Subject}: {Server} was not asked: {error.Message} Check the credentials with kubectl.", error);
            }
        }
    }

    /// <summary>When it may be asked again: what it says, or a second if it only says that it is asked too often.</summary>
    private TimeSpan? WaitFor(HttpResponseMessageWrapper response)
    {
        var said = response.Headers.TryGetValue("Retry-After", out var values) && RetryConditionHeaderValue.TryParse(values.FirstOrDefault(), out var header)
            ? header.Delta ?? (header.Date - Clock.GetUtcNow())
            : ApiRequest.StatusIn(response.Content)?.Details?.RetryAfterSeconds is > 0 and var seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests => AtLeast(s_shortestWait, said ?? TimeSpan.FromSeconds(1)),
            >= HttpStatusCode.InternalServerError when said is { } wait => AtLeast(s_shortestWait, wait),
            _ => null,
        };
    }

    private static TimeSpan AtLeast(TimeSpan least, TimeSpan wait) => wait > least ? wait : least;
}
