namespace Kta.Functional;

/// <summary>JSON that does not hold the wanted result, with the place inside of it.</summary>
internal sealed class UnreadableResultException(string path, string reason) : FormatException($"{path}: {reason}")
{
    /// <summary>The path below the result, starting with <c>$</c>. Keys of dictionaries are in it, which may be long.</summary>
    internal string Path { get; } = SafeExcerpt.OfLine(path);

    internal string Reason { get; } = reason;
}
