namespace Kta.Functional.Simulation;

/// <summary>Is shown every second of a simulated application.</summary>
/// <param name="sample">The second. It is valid during the call only; copy what you keep.</param>
public delegate void SampleObserver(Sample sample);

/// <summary>One second of a simulated application, without copies: lists are in the order of its operators.</summary>
public readonly ref struct Sample
{
    private readonly FluidModel _model;

    internal Sample(FluidModel model, long second, bool isDown, ReadOnlySpan<double> arrived, ReadOnlySpan<double> waiting, ReadOnlySpan<double> processed, ReadOnlySpan<int> parallelism)
    {
        _model = model;
        Second = second;
        IsDown = isDown;
        Arrived = arrived;
        Waiting = waiting;
        Processed = processed;
        Parallelism = parallelism;
    }

    /// <summary>The second since the start, from 0; the numbers are of its end.</summary>
    public long Second { get; }

    /// <summary>Whether the application is restarting, so that nothing is processed.</summary>
    public bool IsDown { get; }

    /// <summary>Records that arrived in this second: of a source its rate, of others 0.</summary>
    public ReadOnlySpan<double> Arrived { get; }

    /// <summary>Records that wait in front of each operator: of a source its lag, of others what is in its buffer.</summary>
    public ReadOnlySpan<double> Waiting { get; }

    /// <summary>Records each operator took in in this second.</summary>
    public ReadOnlySpan<double> Processed { get; }

    /// <summary>The instances of each operator.</summary>
    public ReadOnlySpan<int> Parallelism { get; }

    /// <summary>The places of the sources in the order of the operators.</summary>
    public ReadOnlySpan<int> Sources => _model.Sources;

    /// <summary>The backlog of the worst source as time: its lag divided by what arrived in this second, at least one record.</summary>
    public double LagSeconds
    {
        get
        {
            var worst = 0.0;
            foreach (var source in _model.Sources)
            {
                worst = Math.Max(worst, Waiting[source] / Math.Max(1, Arrived[source]));
            }

            return worst;
        }
    }

    /// <summary>Records in the buffers, counted as what they were at the sources.</summary>
    public double Buffered
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < Waiting.Length; i++)
            {
                sum += _model.InSourceRecords[i] * Waiting[i];
            }

            return sum;
        }
    }

    /// <summary>Records that wait in front of the sources.</summary>
    public double Lag
    {
        get
        {
            var sum = 0.0;
            foreach (var source in _model.Sources)
            {
                sum += Waiting[source];
            }

            return sum;
        }
    }

    /// <summary>
    /// Seconds a record takes by Little's law: lag and buffered records divided by what the sources took in in this second, or, if they took
    /// in nothing, by what arrived (at least one record).
    /// </summary>
    public double Latency
    {
        get
        {
            var (taken, arrived) = (0.0, 0.0);
            foreach (var source in _model.Sources)
            {
                taken += Processed[source];
                arrived += Arrived[source];
            }

            return (Lag + Buffered) / (taken > 0 ? taken : Math.Max(1, arrived));
        }
    }
}
