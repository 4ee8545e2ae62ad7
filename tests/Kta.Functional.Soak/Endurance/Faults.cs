using System.Net;
using System.Net.Sockets;
using System.Text;
using Kta.Functional.Soak.Load;

namespace Kta.Functional.Soak.Endurance;

/// <summary>What goes wrong around a server, and what each has to lead to.</summary>
internal sealed class Faults(ServedProcess server)
{
    private const string Plan = "/api/v1alpha1/plan";
    private static readonly byte[] Good = OperatorBody.Plan(1, 3);

    /// <summary>Requests that have to be refused or given up, each with one line.</summary>
    internal int Refused { get; private set; }

    /// <summary>Steps that have to fail, each with one line.</summary>
    internal int Failed { get; private set; }

    /// <summary>What was answered otherwise than it should.</summary>
    internal List<string> Surprises { get; } = [];

    internal int Injected { get; private set; }

    internal async Task InjectAsync(int number)
    {
        Injected++;
        switch (number % 10)
        {
            case 0: await ExpectAsync("a slow client", await SlowlyAsync(), "200"); break;
            case 1: await HalfAsync(reset: false); break;
            case 2: await HalfAsync(reset: true); break;
            case 3: await ExpectAsync("garbage", await SendAsync(server.GoodPort, "\u0016\u0003\u0001 nonsense\r\n\r\n"u8.ToArray()), "400"); break;
            case 4: await RefuseAsync("JSON that breaks off", Request(Plan, "{\"id\":"u8.ToArray()), "422"); break;
            case 5: await RefuseAsync("a body that is too large", Head(Plan, ServeVerb.LargestBody + 1), "413"); break;
            case 6: await RefuseAsync("another entry in the history", Request(Plan, Damaged()), "422"); break;
            case 7: await FailAsync("a step that throws", "monitor"); break;
            case 8: await FailAsync("a step that takes too long", "analyze"); break;
            default: await FailAsync("a step that leaks", "plan"); break;
        }
    }

    private static byte[] Damaged() =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(OperatorBody.Plan(1, 3)).Replace("\"udfEndTimestampMillis\":1735689660045", "\"udfEndTimestampMillis\":[]", StringComparison.Ordinal));

    private static byte[] Head(string path, long length) =>
        Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: kta\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n");

    private static byte[] Request(string path, byte[] body) => [.. Head(path, body.Length), .. body];

    private Task RefuseAsync(string what, byte[] request, string status)
    {
        Refused++;
        return SendAndExpectAsync(server.GoodPort, what, request, status);
    }

    private Task FailAsync(string what, string step)
    {
        Failed++;
        return SendAndExpectAsync(server.TroubledPort, what, Request("/api/v1alpha1/" + step, Good), "500");
    }

    private async Task SendAndExpectAsync(int port, string what, byte[] request, string status) =>
        await ExpectAsync(what, await SendAsync(port, request), status);

    private Task ExpectAsync(string what, string reply, string status)
    {
        if (!reply.StartsWith("HTTP/1.1 " + status, StringComparison.Ordinal))
        {
            Surprises.Add($"{what} was to be answered with {status}, and got '{reply}'");
        }

        return Task.CompletedTask;
    }

    private static async Task<Socket> ConnectAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    private static async Task<string> SendAsync(int port, byte[] request)
    {
        using var socket = await ConnectAsync(port);
        await socket.SendAsync(request);
        return await ReceiveAsync(socket);
    }

    private static async Task<string> ReceiveAsync(Socket socket)
    {
        var buffer = new byte[4096];
        var count = await socket.ReceiveAsync(buffer);
        return Encoding.UTF8.GetString(buffer, 0, count).Split("\r\n")[0];
    }

    private async Task<string> SlowlyAsync()
    {
        using var socket = await ConnectAsync(server.GoodPort);
        foreach (var piece in Request(Plan, Good).Chunk(200))
        {
            await socket.SendAsync(piece);
            await Task.Yield();
        }

        return await ReceiveAsync(socket);
    }

    /// <summary>The server asks for the body when the call has begun; what is lost earlier is no call to speak of.</summary>
    private async Task HalfAsync(bool reset)
    {
        Refused++;
        using var socket = await ConnectAsync(server.GoodPort);
        await socket.SendAsync(
            Encoding.ASCII.GetBytes(
                $"POST {Plan} HTTP/1.1\r\nHost: kta\r\nExpect: 100-continue\r\nContent-Type: application/json\r\nContent-Length: {Good.Length}\r\n\r\n"));
        await ExpectAsync("half a body", await ReceiveAsync(socket), "100");
        await socket.SendAsync(Good.AsMemory(0, Good.Length / 2));
        socket.LingerState = new LingerOption(reset, 0);
    }
}
