using Kta.Functional.Simulation;
using static System.FormattableString;

namespace Kta.Cli;

/// <summary>A run as rows, one for each second.</summary>
internal static class SecondsCsv
{
    internal static void Write(SimulatedRun run, TextWriter writer)
    {
        writer.NewLine = "\n";
        writer.WriteLine(string.Join(',', [
            "second", "rate", "lag", "lagSeconds", "latencySeconds", "instances", "needed", "down", .. run.Topology.Select(node => Quoted(node.ToString()!))]));
        var (now, next) = (run.Start, 0);
        foreach (var sample in run.Samples)
        {
            for (; next < run.Changes.Count && run.Changes[next].At.TotalSeconds <= sample.Second; next++)
            {
                now = run.Changes[next].To;
            }

            writer.Write(Invariant($"{sample.Second},{sample.Rate},{sample.Lag},{sample.LagSeconds},{sample.LatencySeconds},"));
            writer.WriteLine(Invariant(
                $"{sample.Instances},{sample.Needed},{(sample.IsDown ? 1 : 0)},{string.Join(',', run.Topology.Select(node => now[node]))}"));
        }
    }

    private static string Quoted(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
