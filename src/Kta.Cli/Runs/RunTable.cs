using System.Collections.Concurrent;
using Kta.Functional;
using Kta.Functional.Operator;
using Spectre.Console;
using static System.FormattableString;

namespace Kta.Cli;

/// <summary>The loops while they run, for somebody who watches: one row for each policy, the last words below.</summary>
internal sealed class RunTable(TimeProvider clock)
{
    private const int LastWords = 6;
    private readonly ConcurrentDictionary<string, RunEvent> _last = new();
    private readonly ConcurrentDictionary<string, IterationDecided> _decided = new();
    private readonly ConcurrentQueue<string> _words = new();

    internal void Add(RunEvent what)
    {
        switch (what)
        {
            case IterationDecided decided:
                _decided[decided.Policy] = decided;
                _last[decided.Policy] = decided;
                foreach (var change in Changes(decided))
                {
                    Say(decided, change);
                }

                break;
            case IterationFailed failed:
                _last[failed.Policy] = failed;
                Say(failed, $"{failed.Where} failed: {failed.Problem}");
                break;
            case RunNote note:
                Say(note, note.Text);
                break;
        }
    }

    internal void Remove(string policy)
    {
        _last.TryRemove(policy, out _);
        _decided.TryRemove(policy, out _);
    }

    internal Rows ToRenderable()
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("policy", "parallelism", "last", "state").Expand();
        foreach (var (policy, last) in _last.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            table.AddRow(new Text(policy), new Text(Parallelism(policy)), new Text(Ago(last.At)), new Text(State(last)));
        }

        return new Rows([table, .. _words.Select(word => new Text(word))]);
    }

    private string Parallelism(string policy) => !_decided.TryGetValue(policy, out var decided) ? "" : string.Join(
        "  ", decided.Iteration.Parallelism.Select(one => Invariant($"{one.Key.ToString()} {one.Value}")));

    private string Ago(DateTimeOffset at) => Invariant($"{Math.Max(0, (clock.GetUtcNow() - at).TotalSeconds):0} s ago");

    private static string State(RunEvent last) => last switch
    {
        IterationFailed failed when failed.Pause == Timeout.InfiniteTimeSpan => "could not be started: change its policy, or start kta run again",
        IterationFailed failed => Invariant($"failed {failed.Failures} times, again in {failed.Pause.TotalSeconds:0} s"),
        IterationDecided { Scaling.IsComplete: false } => "not all nodes could be scaled",
        IterationDecided decided when decided.Scaling.Nodes.Any(node => node.Outcome == ScalingOutcome.Sent) => "scaled",
        _ => "as decided",
    };

    private static IEnumerable<string> Changes(IterationDecided decided)
    {
        foreach (var node in decided.Scaling.Nodes.Where(node => node.Problem is not null))
        {
            yield return $"{node.Node}: {node.Problem}";
        }

        foreach (var note in decided.Scaling.Notes)
        {
            yield return note;
        }

        foreach (var node in decided.Explanation?.Nodes ?? [])
        {
            if (decided.Before?.GetValueOrDefault(node.Node) != decided.Iteration.Parallelism[node.Node])
            {
                yield return node.ToString();
            }
        }
    }

    private void Say(RunEvent what, string text)
    {
        _words.Enqueue(Invariant($"{what.At.ToLocalTime():HH:mm:ss} {what.Policy}  {SafeExcerpt.OfLine(text)}"));
        while (_words.Count > LastWords)
        {
            _words.TryDequeue(out _);
        }
    }
}
