namespace Kta.Functional.Recording;

/// <summary>Cuts a stream at its line feeds. Bytes, not text: a torn line may end inside of a character.</summary>
internal static class LineReader
{
    private const int BlockSize = 64 * 1024;

    internal static IEnumerable<(byte[] Line, bool HasEnd)> Of(Stream stream)
    {
        var buffer = new byte[BlockSize];
        int start = 0, end = 0, searched = 0;
        while (true)
        {
            var at = Array.IndexOf(buffer, (byte)'\n', searched, end - searched);
            if (at >= 0)
            {
                yield return (buffer[start..at], true);
                start = searched = at + 1;
                continue;
            }

            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                (start, end) = (0, end - start);
            }

            searched = end;
            if (end == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, Array.MaxLength));
            }

            var read = stream.Read(buffer, end, buffer.Length - end);
            if (read == 0)
            {
                break;
            }

            end += read;
        }

        if (end > 0)
        {
            yield return (buffer[..end], false);
        }
    }
}
