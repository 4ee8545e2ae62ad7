using System.Security.Cryptography;
using System.Text;

namespace Kta.Cli;

/// <summary>The ids of Flink: 32 hexadecimal digits, here always the same for the same thing.</summary>
internal static class FlinkId
{
    private const int Length = 32;

    internal static string Of(string thing) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(thing)))[..Length];

    internal static bool Is(string text) => text.Length == Length && text.All(char.IsAsciiHexDigit);
}
