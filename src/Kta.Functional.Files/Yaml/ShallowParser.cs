using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kta.Functional.Files;

/// <summary>A parser for files that are not nested without end: what is built of it goes one call deeper for each level.</summary>
internal sealed class ShallowParser(IParser parser) : IParser
{
    private const int Deepest = 64;

    private int _depth;

    public ParsingEvent? Current => parser.Current;

    public bool MoveNext()
    {
        var moved = parser.MoveNext();
        _depth += parser.Current?.NestingIncrease ?? 0;
        return !moved || _depth <= Deepest
            ? moved
            : throw new YamlException(parser.Current!.Start, parser.Current.End, $"lists and objects are nested more than {Deepest} deep.");
    }
}
