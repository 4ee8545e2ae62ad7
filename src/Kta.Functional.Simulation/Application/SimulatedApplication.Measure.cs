namespace Kta.Functional.Simulation;

/// <content>What the monitoring of a real stack would show.</content>
public sealed partial class SimulatedApplication
{
    /// <summary>Where measurements say they come from.</summary>
    internal const string SourceName = "simulation";

    /// <summary>Numbers that are drawn for a node and second; never another one, or the same application would show other noise.</summary>
    private const ulong NoisyQuantities = 12;

    /// <summary>What was measured since the last measurement, or since the warm-up after the last restart, and the application from which the next one counts.</summary>
    /// <returns>Rates and fractions of time as means over the seconds since then, the lag as it is now.</returns>
    /// <remarks>
    /// <para>If no second has passed since then, only what needs no time is there: lag, parallelism and its limits.</para>
    /// <para>During a <see cref="MonitoringOutage"/> the last measurement is all there is, and says how old it is; before the first one there
    /// is nothing.</para>
    /// <para><see cref="NodeMeasurements.TrueProcessingRate"/> is records per busy second, and absent of a node that was never busy.
    /// <see cref="NodeMeasurements.Cpu"/> is <see cref="NodeMeasurements.Busy"/>: a busy instance uses what it requested.</para>
    /// </remarks>
    public (Measurements Measured, SimulatedApplication Next) Measure()
    {
        if (Model.IsOutage(_state.Second))
        {
            return (BeforeTheOutage(), this);
        }

        var measured = Measured();
        return (measured.From(SourceName, TimeSpan.Zero), After(state => state.Remember(measured)));
    }

    private Measurements BeforeTheOutage() => _state.LastMeasured is { } last
        ? last.Numbers.From(SourceName, Seconds.Time(_state.Second - last.Second))
        : Measurements.Nothing.WithEdges(Model.Edges);

    private Measurements Measured() =>
        Measurements.Of(Topology.Select((node, i) => KeyValuePair.Create(node, NumbersOf(i)))).WithEdges(Model.Edges);

    private NodeMeasurements NumbersOf(int place)
    {
        var one = Description.Operators[place];
        var isSource = Model.Sources.AsSpan().Contains(place);
        var limits = new NodeMeasurements
        {
            Parallelism = _state.Parallelism[place],
            MaxParallelism = (double?)one.MaxParallelism,
            Partitions = (double?)one.Partitions,
            Lag = isSource ? Noisy(Quantity.Lag, _state[Row.Waiting][place]) : Reading.Absent,
        };
        if (_state.MeasuredSeconds == 0)
        {
            return limits;
        }

        double seconds = _state.MeasuredSeconds;
        var (records, busySeconds) = (_state[Row.MeasuredRecords][place], _state[Row.MeasuredBusy][place]);
        var busy = Math.Min(1, Noisy(Quantity.Busy, busySeconds / seconds));
        var backPressured = Math.Min(1 - busy, Noisy(Quantity.BackPressured, _state[Row.MeasuredBackPressured][place] / seconds));
        return limits with
        {
            RecordsIn = Noisy(Quantity.RecordsIn, records / seconds),
            RecordsOut = Noisy(Quantity.RecordsOut, records * one.Selectivity / seconds),
            Busy = busy,
            BackPressured = backPressured,
            Idle = 1 - busy - backPressured,
            TrueProcessingRate = busySeconds > 0 ? Noisy(Quantity.TrueProcessingRate, records / busySeconds) : Reading.Absent,
            ArrivalRate = isSource ? Noisy(Quantity.ArrivalRate, _state[Row.MeasuredArrived][place] / seconds) : Reading.Absent,
            Cpu = Noisy(Quantity.Cpu, busySeconds / seconds),
        };

        double Noisy(Quantity quantity, double number)
        {
            if (Description.Noise == 0)
            {
                return number;
            }

            var draw = (((ulong)_state.Second * (ulong)Model.Count) + (ulong)place) * NoisyQuantities;
            return number * Math.Max(0, 1 + (Description.Noise * Model.Noise.Normal(draw + (ulong)quantity)));
        }
    }
}
