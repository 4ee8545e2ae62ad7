using System.Text;

namespace Kta.Functional.Soak.Load;

/// <summary>One request, as bytes ready for the socket.</summary>
internal sealed class Target
{
    internal Target(int port, string path, byte[] body)
    {
        Port = port;
        var head = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n");
        Bytes = [.. head, .. body];
    }

    internal int Port { get; }

    internal byte[] Bytes { get; }
}
