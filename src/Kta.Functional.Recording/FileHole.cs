namespace Kta.Functional.Recording;

/// <summary>The zeros that a file shows where it was truncated between two writes.</summary>
internal static class FileHole
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Where the hole in front of a line begins; null if the line before has its end.</summary>
    internal static long? Before(FileStream stream, long start)
    {
        var block = new byte[1];
        RandomAccess.Read(stream.SafeFileHandle, block, start - 1);
        if (block[0] != 0)
        {
            return null;
        }

        block = new byte[BlockSize];
        while (start > 0)
        {
            var length = (int)Math.Min(BlockSize, start);
            var read = RandomAccess.Read(stream.SafeFileHandle, block.AsSpan(0, length), start - length);
            if (block.AsSpan(0, read).LastIndexOfAnyExcept((byte)0) is >= 0 and var last)
            {
                return start - length + last + 1;
            }

            start -= length;
        }

        return 0;
    }
}
