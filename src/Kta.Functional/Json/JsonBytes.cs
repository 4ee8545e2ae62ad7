using System.Buffers;

namespace Kta.Functional;

/// <summary>
/// JSON in arrays of just its length. A writer takes several kilobytes at once; it takes them from a buffer of the thread, for
/// results are kept as long as the history.
/// </summary>
internal static class JsonBytes
{
    private const int MostKept = 1 << 16;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_free;

    internal static byte[] Of<T>(T value, Action<T, IBufferWriter<byte>> write)
    {
        // Taken away meanwhile: what is written may have something of its own to write.
        var buffer = s_free ?? new ArrayBufferWriter<byte>(4096);
        s_free = null;
        write(value, buffer);
        var written = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity <= MostKept)
        {
            buffer.ResetWrittenCount();
            s_free = buffer;
        }

        return written;
    }
}
