namespace Kta.Functional.Recording;

/// <summary>Tells files that cannot be a recording as they are by their first bytes.</summary>
internal static class ForeignFormat
{
    private static readonly (byte[] Beginning, string Name)[] Packed =
    [
        ([0x1F, 0x8B], "gzip"),
        ([0x28, 0xB5, 0x2F, 0xFD], "zstd"),
        ([0xFD, .. "7zXZ"u8], "xz"),
        ([.. "BZh"u8], "bzip2"),
        ([.. "PK\u0003\u0004"u8], "zip"),
        ([0x04, 0x22, 0x4D, 0x18], "lz4"),
    ];

    /// <summary>Byte order marks, and the brace of a first line without one.</summary>
    private static readonly byte[][] Wide =
    [
        [0xFF, 0xFE],
        [0xFE, 0xFF],
        [0, 0, 0xFE, 0xFF],
        [(byte)'{', 0],
        [0, (byte)'{', 0],
        [0, 0, 0, (byte)'{', 0],
    ];

    /// <summary>What the file is, and what to do; null if it may be a recording.</summary>
    internal static string? Of(ReadOnlySpan<byte> firstLine)
    {
        foreach (var (beginning, name) in Packed)
        {
            if (firstLine.StartsWith(beginning))
            {
                return $"the file is packed with {name}; unpack it and read what comes out";
            }
        }

        foreach (var beginning in Wide)
        {
            if (firstLine.StartsWith(beginning))
            {
                return "the file is UTF-16 or UTF-32, a recording is UTF-8; convert it, for example with iconv -f UTF-16 -t UTF-8";
            }
        }

        return null;
    }
}
