using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Kta.Functional;

/// <summary>Why a plan has the number it has for a node: a template and its numbers, put together when it is shown.</summary>
/// <remarks>Made with <see cref="Plan.Because(TopologyNode, string)"/>. Immutable; shown in the invariant culture.</remarks>
public sealed class Reason
{
    private readonly Hole[] _holes;
    private readonly string _end;

    private Reason(Hole[] holes, string end)
    {
        _holes = holes;
        _end = end;
    }

    /// <summary>The text with holes, as <see cref="string.Format(string, object?[])"/> writes them: <c>kept {0}, busy is {1:P0}</c>.</summary>
    public string Template
    {
        get
        {
            var text = new StringBuilder();
            for (var i = 0; i < _holes.Length; i++)
            {
                var format = _holes[i].Format is { } given ? $":{given}" : "";
                text.Append(Braces(_holes[i].Before)).Append(CultureInfo.InvariantCulture, $"{{{i}{format}}}");
            }

            return text.Append(Braces(_end)).ToString();
        }
    }

    /// <summary>The numbers and names that belong into the holes, in order.</summary>
    public IReadOnlyList<object?> Values => Array.ConvertAll(_holes, hole => hole.Value);

    /// <summary>The whole text.</summary>
    public override string ToString()
    {
        if (_holes.Length == 0)
        {
            return _end;
        }

        var text = new StringBuilder();
        foreach (var hole in _holes)
        {
            text.Append(hole.Before);
            text.Append(hole.Value is IFormattable number ? number.ToString(hole.Format, CultureInfo.InvariantCulture) : hole.Value?.ToString());
        }

        return text.Append(_end).ToString();
    }

    internal static Reason Of(string text) => new([], text);

    private static string Braces(string text) => text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    private readonly record struct Hole(string Before, object? Value, string? Format);

    /// <summary>Takes an interpolated string apart. The compiler uses it; nothing is formatted, and nothing is evaluated where reasons are not wanted.</summary>
    [InterpolatedStringHandler]
    public ref struct Handler
    {
        private readonly Hole[]? _holes;
        private int _count;
        private string _text;

        /// <summary>Called by the compiler.</summary>
        /// <param name="literalLength">Not used.</param>
        /// <param name="formattedCount">The number of holes.</param>
        /// <param name="isWanted">False where reasons are not kept.</param>
        public Handler(int literalLength, int formattedCount, out bool isWanted)
        {
            isWanted = !ReasonsOff.InThisThread;
            _holes = isWanted ? new Hole[formattedCount] : null;
            _count = 0;
            _text = "";
        }

        /// <summary>Called by the compiler.</summary>
        /// <param name="value">The text between two holes.</param>
        public void AppendLiteral(string value) => _text = _text.Length == 0 ? value : _text + value;

        /// <summary>Called by the compiler.</summary>
        /// <typeparam name="T">The type of the value.</typeparam>
        /// <param name="value">The value. Numbers, text and nodes are kept, everything else is turned into text now, because it may change.</param>
        /// <param name="format">How to show it.</param>
        public void AppendFormatted<T>(T value, string? format = null)
        {
            _holes![_count++] = new Hole(_text, value is ValueType or string or TopologyNode ? value : value?.ToString(), format);
            _text = "";
        }

        internal readonly Reason? ToReason() => _holes is null ? null : new Reason(_holes, _text);
    }
}
