using System.Net;
using System.Net.Http.Headers;

namespace Kta.Functional.Testing;

/// <summary>Sends a request as it is, piece by piece, or goes away when the step begins.</summary>
/// <param name="seesSteps">Whether somebody tells when a step begins; else it goes away when the request has been sent.</param>
internal sealed class FaultyConnection(bool seesSteps) : DelegatingHandler
{
    private Action? _leave;

    /// <summary>What goes wrong with the next request; null for nothing.</summary>
    internal CallFault? Fault { get; set; }

    /// <summary>A step begins.</summary>
    internal void Begins(Step step)
    {
        if (Fault is { Kind: CallFaultKind.CallerGone } fault && fault.Step == step)
        {
            Interlocked.Exchange(ref _leave, null)?.Invoke();
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Fault?.Kind == CallFaultKind.SlowRequest)
        {
            request.Content = await Pieces.OfAsync(request.Content!, cancellationToken).ConfigureAwait(false);
        }
        else if (Fault?.Kind == CallFaultKind.CallerGone)
        {
            using var gone = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (seesSteps)
            {
                _leave = gone.Cancel;
            }
            else
            {
                request.Content = await Pieces.OfAsync(request.Content!, cancellationToken, gone.Cancel).ConfigureAwait(false);
            }

            return await base.SendAsync(request, gone.Token).ConfigureAwait(false);
        }

        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A body that is sent in pieces.</summary>
    private sealed class Pieces : HttpContent
    {
        private const int Most = 16;

        /// <summary>Long enough that pieces arrive one by one, in real time.</summary>
        private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(10);

        private readonly byte[] _body;
        private readonly Action? _sent;

        private Pieces(byte[] body, MediaTypeHeaderValue? type, Action? sent)
        {
            (_body, _sent) = (body, sent);
            Headers.ContentType = type;
        }

        internal static async Task<Pieces> OfAsync(HttpContent content, CancellationToken cancellationToken, Action? sent = null) =>
            new(await content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false), content.Headers.ContentType, sent);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var piece in _body.Chunk(1 + (_body.Length / Most)))
            {
                await stream.WriteAsync(piece).ConfigureAwait(false);
                await stream.FlushAsync().ConfigureAwait(false);
                await Task.Delay(_sent is null ? s_pause : TimeSpan.Zero).ConfigureAwait(false);
            }

            _sent?.Invoke();
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _body.Length;
            return true;
        }
    }
}
