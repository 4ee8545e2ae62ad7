using System.Collections;

namespace Kta.Functional.Files;

/// <summary>A list that is equal to another one by what stands in it, so that records that hold it are.</summary>
internal sealed class ValueList<T>(IEnumerable<T> items) : IReadOnlyList<T>
{
    private readonly T[] _items = [.. items];

    public int Count => _items.Length;

    public T this[int index] => _items[index];

    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)_items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override bool Equals(object? obj) => obj is ValueList<T> other && _items.SequenceEqual(other._items);

    public override int GetHashCode() => _items.Aggregate(_items.Length, HashCode.Combine);

    public override string ToString() => $"[{string.Join(", ", _items)}]";
}
