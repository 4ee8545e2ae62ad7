using System.Globalization;
using static System.FormattableString;

namespace Kta.Functional.Monitoring;

/// <summary>A number of a node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Value">The number.</param>
/// <param name="Age">How old it is, in seconds; null if that is not known.</param>
/// <param name="SampledAt">The time of its sample, in seconds since 1970 by the clock of Prometheus; null if that is not known.</param>
internal readonly record struct PrometheusReading(TopologyNode Node, double Value, double? Age, double? SampledAt);

/// <summary>Finds the nodes in what a question was answered.</summary>
internal sealed class PrometheusAnswer(PrometheusQuestion question, PrometheusReply reply, List<string> notes)
{
    private const int Shown = 5;

    /// <summary>The series of each node that has one.</summary>
    /// <exception cref="FormatException">It is not what was asked for; the message is the end of a sentence about the answer.</exception>
    internal IReadOnlyDictionary<TopologyNode, PrometheusSeries> Series()
    {
        var found = new Dictionary<TopologyNode, PrometheusSeries>();
        if (reply.IsPartial)
        {
            notes.Add("the answer is partial, some of the storage did not answer, and none of its numbers counts");
        }
        else if (reply.Series.Count == 0)
        {
            notes.Add("no data");
        }
        else if (question.Query.Label is { } label)
        {
            var byName = Named(label);
            foreach (var (node, name) in question.Nodes.Where(pair => byName.Contains(pair.Value)))
            {
                found[node] = Only(byName[name], node);
            }

            AddMissing(label, byName, found);
        }
        else
        {
            var node = question.Nodes[0].Key;
            found[node] = Only(reply.Series, node);
        }

        return found;
    }

    /// <summary>The finite samples of a series as one number of the quantity; null, with a note, if there is none.</summary>
    internal double? NumberOf(TopologyNode node, PrometheusSeries series)
    {
        var finite = series.Samples.Where(sample => double.IsFinite(sample.Value)).ToList();
        if (finite.Count == 0)
        {
            notes.Add(series.Samples.Count == 0 ? $"no sample for {node}" : $"{Text(series.Samples[^1].Value)} for {node}");
            return null;
        }

        var number = finite.Average(sample => sample.Value) * question.Query.Factor;
        if (question.Query.Quantity.Possible(number) is null)
        {
            notes.Add($"{Text(number)} for {node}, which {question.Query.Quantity.WireName()} cannot be, in another unit perhaps");
            return null;
        }

        return number;
    }

    private ILookup<string, PrometheusSeries> Named(string label)
    {
        var named = reply.Series.Where(series => series.Labels.ContainsKey(label)).ToLookup(series => series.Labels[label]);
        if (named.Count == 0)
        {
            var labels = reply.Series.SelectMany(series => series.Labels.Keys).Distinct().Order(StringComparer.Ordinal).ToList();
            throw new FormatException($"has no label {label}{(labels.Count == 0 ? ", and no other" : $", but {Some(labels)}")}");
        }

        if (named.Sum(group => group.Count()) is var count && count < reply.Series.Count)
        {
            notes.Add(Invariant($"{reply.Series.Count - count} of {reply.Series.Count} series have no label {label}"));
        }

        return named;
    }

    private void AddMissing(string label, ILookup<string, PrometheusSeries> byName, Dictionary<TopologyNode, PrometheusSeries> found)
    {
        if (found.Count == 0)
        {
            notes.Add($"no node among what {label} is ({Some(byName.Select(group => group.Key))}): they are called {Some(question.Nodes.Select(pair => pair.Value))}");
        }
        else if (question.Query.Quantity is not (Quantity.Lag or Quantity.ArrivalRate or Quantity.EndOffset or Quantity.Partitions))
        {
            // The others are known of sources only.
            notes.AddRange(question.Nodes.Where(pair => !found.ContainsKey(pair.Key)).Select(pair => $"no series for {pair.Key}, where {label} would be \"{pair.Value}\""));
        }
    }

    private static PrometheusSeries Only(IEnumerable<PrometheusSeries> series, TopologyNode node)
    {
        if (series.Take(2).ToList() is [var only])
        {
            return only;
        }

        var all = series.ToList();
        var different = all.SelectMany(one => one.Labels.Keys).Distinct().Order(StringComparer.Ordinal)
            .Select(label => (Label: label, Values: all.Select(one => one.Labels.GetValueOrDefault(label, "")).Distinct().ToList()))
            .Where(label => label.Values.Count > 1)
            .Select(label => $"{label.Label} ({Some(label.Values.Select(value => $"\"{value}\""))})")
            .ToList();
        throw new FormatException(
            Invariant($"has {all.Count} series for {node} where one is needed, ")
            + (different.Count == 0 ? "with the same labels" : $"which differ in {string.Join(" and ", different.Take(Shown))}"));
    }

    internal static string Some(IEnumerable<string> texts)
    {
        var all = texts.ToList();
        return string.Join(", ", all.Take(Shown).Select(SafeExcerpt.Of)) + (all.Count > Shown ? Invariant($" and {all.Count - Shown} more") : "");
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
