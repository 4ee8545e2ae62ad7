using Kta.Functional;
using Spectre.Console;
using Spectre.Console.Rendering;
using static System.FormattableString;

namespace Kta.Cli;

/// <summary>How an experiment went, as lines of bars: what arrived, what waited, and the instances of each node.</summary>
internal sealed class Course(Topology topology)
{
    private const int Width = 48;
    private readonly List<double> _rate = [];
    private readonly List<double> _lag = [];
    private readonly List<double>[] _instances = [.. topology.Select(_ => new List<double>())];

    internal void Add(double rate, double lagSeconds)
    {
        _rate.Add(rate);
        _lag.Add(lagSeconds);
    }

    internal void Add(IReadOnlyDictionary<TopologyNode, int> parallelism)
    {
        for (var i = 0; i < _instances.Length; i++)
        {
            _instances[i].Add(parallelism[topology[i]]);
        }
    }

    internal IRenderable ToRenderable()
    {
        var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap()).AddColumn(new GridColumn().NoWrap().RightAligned());
        Row("rate", _rate, "blue", last => $"{Phrase.Count(last)}/s");
        Row("lag", _lag, "red", last => Invariant($"{last:0.0} s"));
        for (var i = 0; i < _instances.Length; i++)
        {
            Row(topology[i].ToString()!, _instances[i], "green", last => Invariant($"{last:0}"));
        }

        return new Padder(grid, new Padding(1, 0, 0, 0));

        void Row(string name, List<double> numbers, string colour, Func<double, string> text) => grid.AddRow(
            new Text(name), new Markup($"[{colour}]{Sparkline.Of(numbers, Width)}[/]"), new Text(numbers.Count > 0 ? text(numbers[^1]) : ""));
    }
}
