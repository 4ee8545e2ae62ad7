using System.Net.Sockets;
using static System.FormattableString;

namespace Kta.Functional.Simulation;

/// <summary>What has happened where no answer came, and what to do.</summary>
internal static class HttpTroubles
{
    internal static string Describe(Uri address, HttpRequestException error)
    {
        var kind = error.GetBaseException() is SocketException { SocketErrorCode: SocketError.ConnectionReset }
            ? HttpRequestError.ResponseEnded
            : error.HttpRequestError;
        var advice = kind switch
        {
            HttpRequestError.NameResolutionError =>
                "The name is not known here. Check how it is spelled; names of Kubernetes services are known in the cluster only.",
            HttpRequestError.ConnectionError =>
                "Start the server, or check host and port; a server that is starting gets time with Attempts.",
            HttpRequestError.SecureConnectionError =>
                "The server does not speak TLS, or its certificate is not valid for this name or not trusted here. An HttpClient in the options may trust others.",
            HttpRequestError.ResponseEnded =>
                "The server has closed the connection, as one does that has crashed, or that speaks https or HTTP/2 only at this address.",
            HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError =>
                "What listens there does not speak HTTP/1.1, and the operator speaks nothing else; it may speak https or HTTP/2 only.",
            _ => "Check the address and the log of the server.",
        };
        return $"{address} could not be called: {Reason(error)} {advice}";
    }

    internal static string DescribeTimeout(Uri address, TimeSpan limit, int? status, long received)
    {
        var seconds = Invariant($"{limit.TotalSeconds:0.###} s");
        return status is null
            ? $"{address} did not answer within {seconds}. Make the step faster, or allow it more with StepTimeout."
            : Invariant($"{address} answered {status}, but the body did not end within {seconds}; {received} bytes of it came. The operator would wait for ever.");
    }

    private static string Reason(Exception error)
    {
        var reason = error.InnerException is { } inner && !error.Message.Contains(inner.Message, StringComparison.Ordinal)
            ? $"{error.Message.TrimEnd('.')}: {inner.Message}"
            : error.Message;
        return reason.TrimEnd('.') + ".";
    }
}
