namespace Kta.Functional.Simulation;

/// <summary>What the seconds of a run sum up to.</summary>
internal sealed class FigureSums
{
    private const int IdealEvery = 60;

    private readonly double[] _latencies;

    internal FigureSums(IReadOnlyList<RunSample> samples, ServiceObjective objective)
    {
        _latencies = new double[samples.Count];
        var lateSince = -1;
        for (var i = 0; i < samples.Count; i++)
        {
            var sample = samples[i];
            InstanceSeconds += sample.Instances;
            // What is left of a last minute counts for what it is.
            IdealInstanceSeconds += i % IdealEvery == 0 ? (long)sample.Needed * Math.Min(IdealEvery, samples.Count - i) : 0;
            Down += sample.IsDown ? 1 : 0;
            Lag += sample.LagSeconds;
            MaxLag = Math.Max(MaxLag, sample.LagSeconds);
            Latency += sample.LatencySeconds;
            _latencies[i] = sample.LatencySeconds;
            Over += sample.Over;
            Under += sample.Under;
            if (IsLate(sample, objective))
            {
                Late++;
                lateSince = lateSince < 0 ? i : lateSince;
                Longest = i - lateSince >= (Longest?.Length.TotalSeconds ?? 0)
                    ? new(Seconds.Time(samples[lateSince].Second), Seconds.Time(i - lateSince + 1))
                    : Longest;
            }
            else
            {
                lateSince = -1;
            }
        }

        Array.Sort(_latencies);
    }

    internal long InstanceSeconds { get; }

    internal long IdealInstanceSeconds { get; }

    internal int Down { get; }

    internal int Late { get; }

    internal Violation? Longest { get; }

    internal double Lag { get; }

    internal double MaxLag { get; }

    internal double Latency { get; }

    internal long Over { get; }

    internal long Under { get; }

    /// <summary>Whether a second is above the objective.</summary>
    internal static bool IsLate(RunSample sample, ServiceObjective objective) =>
        sample.LagSeconds > objective.Lag.TotalSeconds || sample.LatencySeconds > objective.Latency?.TotalSeconds;

    /// <summary>The smallest latency that this share of the seconds does not exceed.</summary>
    internal double LatencyAt(double share) => _latencies[(int)Math.Ceiling(share * _latencies.Length) - 1];
}
