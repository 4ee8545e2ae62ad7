using Kta.Functional.Analyzers.Steps;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Kta.Functional.Analyzers.Replay;

/// <summary>Objects that answer for something outside of the process: clients, connections, and what is declared as a service.</summary>
internal static class LiveThings
{
    private static readonly HashSet<string> Types =
    [
        "System.Net.Http.HttpMessageInvoker", "System.Net.WebClient", "System.Net.WebRequest", "System.Net.Sockets.Socket",
        "System.Net.Sockets.TcpClient", "System.Net.Sockets.UdpClient", "System.Net.Sockets.NetworkStream",
        "System.Net.WebSockets.WebSocket", "System.Net.NetworkInformation.Ping", "System.IO.FileStream",
        "System.IO.Pipes.PipeStream", "System.Data.Common.DbConnection", "System.Data.Common.DbCommand",
        "System.Data.Common.DbDataSource", "System.Data.IDbConnection", "System.Data.IDbCommand",
        "Microsoft.EntityFrameworkCore.DbContext", "Grpc.Core.ClientBase", "k8s.IKubernetes", "StackExchange.Redis.IDatabaseAsync",
    ];

    private static readonly HashSet<string> Quiet =
        ["Close", "CloseAsync", "Dispose", "DisposeAsync", "Equals", "GetHashCode", "GetType", "ToString"];

    /// <summary>Whether this asks such an object for something.</summary>
    internal static bool IsAskedBy(IOperation operation, KnownTypes known) => operation switch
    {
        IPropertyReferenceOperation { Property: { Name: "Value", ContainingType: { } type } } =>
            KnownTypes.Is(type, known.Service) && !IsTelemetry(type.TypeArguments[0]),
        IInvocationOperation { TargetMethod: { } method } call when !Quiet.Contains(method.Name) => IsLive(Receiver(call)?.Type),
        _ => false,
    };

    /// <summary>What a method is called on, also by an extension method.</summary>
    internal static IOperation? Receiver(IOperation operation) => operation is IInvocationOperation call
        ? CalledFunction.Unwrapped(call.Instance ?? (call.TargetMethod.IsExtensionMethod ? call.Arguments.FirstOrDefault()?.Value : null))
        : null;

    private static bool IsLive(ITypeSymbol? type)
    {
        for (var one = type; one is not null; one = one.BaseType)
        {
            if (one is INamedTypeSymbol named && Types.Contains(Readings.FullName(named)))
            {
                return true;
            }
        }

        return type?.AllInterfaces.Any(one => Types.Contains(Readings.FullName(one))) == true;
    }

    /// <summary>Loggers and meters only listen.</summary>
    private static bool IsTelemetry(ITypeSymbol type) =>
        type.Name is "ActivitySource" or "TextWriter"
        || type.ContainingNamespace?.ToDisplayString() is "Microsoft.Extensions.Logging" or "System.Diagnostics.Metrics";
}
