using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kta.Functional.Files;

/// <summary>
/// A parser for files that are not nested without end: what is built of it goes one call deeper for each level. It also knows where an alias
/// stands that means nothing.
/// </summary>
internal sealed class ShallowParser(IParser parser) : IParser
{
    private const int Deepest = 64;

    private readonly HashSet<AnchorName> _anchors = [];
    private int _depth;

    public ParsingEvent? Current => parser.Current;

    public bool MoveNext()
    {
        var moved = parser.MoveNext();
        _depth += parser.Current?.NestingIncrease ?? 0;
        return moved switch
        {
            true when _depth > Deepest => throw Wrong($"lists and objects are nested more than {Deepest} deep."),
            true when parser.Current is AnchorAlias alias && !_anchors.Contains(alias.Value) => throw Wrong($"no anchor &{alias.Value} stands before its alias."),
            true when parser.Current is NodeEvent { Anchor.IsEmpty: false } node => _anchors.Add(node.Anchor) || moved,
            _ => moved,
        };
    }

    private YamlException Wrong(string why) => new(parser.Current!.Start, parser.Current.End, why);
}
