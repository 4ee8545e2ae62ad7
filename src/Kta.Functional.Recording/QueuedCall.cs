using System.Buffers;

namespace Kta.Functional.Recording;

/// <summary>A call that waits to be written, with its own copy of the bytes: those of the request belong to a pool.</summary>
internal sealed class QueuedCall
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private byte[]? _bytes;

    private QueuedCall(CallRecord? call, byte[]? bytes, long size) => (Call, _bytes, Size) = (call, bytes, size);

    /// <summary>Null for a mark that only asks to be reached.</summary>
    internal CallRecord? Call { get; }

    internal long Size { get; }

    /// <summary>Completes when the call is in the file, or is known not to get there.</summary>
    internal Task Done => _done.Task;

    internal static QueuedCall Mark() => new(null, null, 0);

    internal static QueuedCall Copy(CallRecord call)
    {
        var (request, reply) = (call.Request.Length, call.Reply.Length);
        var bytes = ArrayPool<byte>.Shared.Rent(request + reply);
        call.Request.CopyTo(bytes);
        call.Reply.CopyTo(bytes.AsMemory(request));
        var copy = call with { Request = bytes.AsMemory(0, request), Reply = bytes.AsMemory(request, reply) };
        return new(copy, bytes, request + reply);
    }

    internal void Finish()
    {
        if (_bytes is { } bytes)
        {
            _bytes = null;
            ArrayPool<byte>.Shared.Return(bytes);
        }

        _done.TrySetResult();
    }
}
