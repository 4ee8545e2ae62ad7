using System.Globalization;
using Kta.Functional;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>The metrics of the subtasks of a vertex, by the names Flink gives them, with values as Flink writes them.</summary>
internal static class VertexMetrics
{
    /// <summary>The name of an operator in front of its metrics, where Flink allows no blank, point, colon or comma.</summary>
    internal static string ScopeOf(string name)
    {
        var letters = name.ToCharArray();
        for (var i = 0; i < letters.Length; i++)
        {
            letters[i] = letters[i] is ' ' or '.' or ':' or ',' ? '_' : letters[i];
        }

        return new(letters);
    }

    /// <summary>One list of metrics for each subtask; none while the vertex has no tasks.</summary>
    internal static IReadOnlyList<IReadOnlyDictionary<string, string>> Of(FlinkJob job, TopologyNode node)
    {
        if (job.NumbersOf(node) is not { } numbers)
        {
            return [];
        }

        var one = job.Description.Operators.First(candidate => candidate.Node == node);
        var isSource = job.Description.Sources.ContainsKey(node);
        var subtasks = Enumerable.Range(0, job.Parallelism[node]).Select(_ => new Dictionary<string, string>()).ToArray();
        var shares = Shares.Of(one, subtasks.Length);
        var scope = ScopeOf(VertexJson.NameOf(job, node)) + ".";
        AddTimes(subtasks, numbers, shares);
        // A task counts what comes from other tasks, and nothing does to a source.
        AddRecords(subtasks, "", isSource ? numbers with { RecordsIn = 0, Consumed = 0 } : numbers, shares);
        AddRecords(subtasks, scope, numbers, shares);
        foreach (var name in (string[])["Shuffle.Netty.Input.Buffers.inPoolUsage", "buffers.inPoolUsage"])
        {
            Add(subtasks, name, isSource ? new double[subtasks.Length] : Array.ConvertAll(shares, _ => numbers.Buffered));
        }

        if (isSource)
        {
            Add(subtasks, $"{scope}pendingRecords", Shares.Split(numbers.Lag, shares));
            AddPartitions(subtasks, $"{scope}KafkaSourceReader.topic.{ScopeOf(node.ToString()!)}.partition.", one, numbers);
        }

        return subtasks;
    }

    private static void AddTimes(Dictionary<string, string>[] subtasks, VertexNumbers numbers, double[] shares)
    {
        var busy = Shares.Split(numbers.Busy * 1000 * shares.Length, shares);
        var blocked = Shares.Split(numbers.BackPressured * 1000 * shares.Length, shares);
        Add(subtasks, "busyTimeMsPerSecond", busy);
        Add(subtasks, "backPressuredTimeMsPerSecond", blocked);
        Add(subtasks, "softBackPressuredTimeMsPerSecond", blocked);
        Add(subtasks, "hardBackPressuredTimeMsPerSecond", new double[shares.Length]);
        Add(subtasks, "idleTimeMsPerSecond", double.IsNaN(numbers.Busy)
            ? Array.ConvertAll(shares, _ => numbers.Idle * 1000)
            : [.. busy.Zip(blocked, (worked, waited) => Math.Max(0, 1000 - worked - waited))]);
        Add(subtasks, "accumulateBusyTimeMs", Array.ConvertAll(shares, share => numbers.BusySeconds * 1000 * share * shares.Length));
        Add(subtasks, "accumulateBackPressuredTimeMs", Array.ConvertAll(shares, share => numbers.BackPressuredSeconds * 1000 * share * shares.Length));
        for (var k = 0; k < subtasks.Length; k++)
        {
            subtasks[k]["isBackPressured"] = blocked[k] > 100 ? "true" : "false";
        }
    }

    private static void AddRecords(Dictionary<string, string>[] subtasks, string scope, VertexNumbers numbers, double[] shares)
    {
        Add(subtasks, $"{scope}numRecordsIn", Shares.SplitWhole(numbers.Consumed, shares));
        Add(subtasks, $"{scope}numRecordsInPerSecond", Shares.Split(numbers.RecordsIn, shares));
        Add(subtasks, $"{scope}numRecordsOut", Shares.SplitWhole(numbers.Given, shares));
        Add(subtasks, $"{scope}numRecordsOutPerSecond", Shares.Split(numbers.RecordsOut, shares));
    }

    /// <summary>A partition is told by the subtask that reads it.</summary>
    private static void AddPartitions(Dictionary<string, string>[] subtasks, string scope, StreamOperator one, VertexNumbers numbers)
    {
        var partitions = one.Partitions ?? 0;
        var offsets = Shares.SplitWhole(numbers.Offset, Array.ConvertAll(new double[partitions], _ => 1.0 / partitions));
        for (var n = 0; n < partitions; n++)
        {
            subtasks[n % subtasks.Length][string.Create(CultureInfo.InvariantCulture, $"{scope}{n}.currentOffset")] =
                offsets[n].ToString(CultureInfo.InvariantCulture);
        }
    }

    private static void Add(Dictionary<string, string>[] subtasks, string name, double[] values)
    {
        for (var k = 0; k < subtasks.Length; k++)
        {
            subtasks[k][name] = JavaNumber.Text(values[k]);
        }
    }

    private static void Add(Dictionary<string, string>[] subtasks, string name, long[] values)
    {
        for (var k = 0; k < subtasks.Length; k++)
        {
            subtasks[k][name] = values[k].ToString(CultureInfo.InvariantCulture);
        }
    }
}
