namespace Kta.Functional.Wire;

/// <summary>The pieces of the shapes of one step's results, one shape behind the other.</summary>
internal sealed class TemplateLiterals
{
    private const int Most = 4096;
    private TemplateLiteral[] _pieces = [];

    internal int Count { get; private set; }

    internal ReadOnlySpan<TemplateLiteral> All => _pieces.AsSpan(0, Count);

    /// <summary>False: there are too many already.</summary>
    internal bool TryAdd(TemplateLiteral piece)
    {
        if (Count == Most)
        {
            return false;
        }

        if (Count == _pieces.Length)
        {
            Array.Resize(ref _pieces, Math.Max(8, 2 * Count));
        }

        _pieces[Count++] = piece;
        return true;
    }

    /// <summary>Forgets the last ones; the room stays for the next.</summary>
    internal void Keep(int count) => Count = count;
}
