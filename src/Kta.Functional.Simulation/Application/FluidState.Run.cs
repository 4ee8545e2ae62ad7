namespace Kta.Functional.Simulation;

/// <content>The steps of one second each.</content>
internal sealed partial class FluidState
{
    private const int Chunk = 256;

    /// <summary>Lets so many seconds pass.</summary>
    internal void Run(long seconds, SampleObserver? observer)
    {
        var until = Second + seconds;
        var sources = Model.Sources.Length;
        var rates = new double[sources * (int)Math.Min(Chunk, Math.Max(seconds, 1))];
        while (Second < until)
        {
            ActIfDue();
            SetCapacity();
            var length = (int)(NextChange(Math.Min(until, Second + (rates.Length / sources))) - Second);
            for (var s = 0; s < sources; s++)
            {
                Model.Traces[s].Fill(Second, rates.AsSpan(s * length, length));
            }

            var (isDown, isMeasured) = (IsDown, Second >= WarmAt && !Model.IsOutage(Second));
            Flow(rates, length, isDown, isMeasured, observer);
            Book(length, isDown, isMeasured);
        }
    }

    /// <summary>The second until which everything but the load stays as it is.</summary>
    private long NextChange(long end)
    {
        end = Starting is null || IsDown ? end : Math.Min(end, Second + 1);
        end = Pending is null ? end : Earlier(end, DueAt);
        end = Earlier(Earlier(Earlier(end, DownUntil), WarmAt), NextCheckpoint);
        foreach (var (at, length) in Model.Application.Outages)
        {
            end = Earlier(Earlier(end, Seconds.Of(at)), Seconds.Of(at + length));
        }

        return end;
    }

    private long Earlier(long end, long change) => change > Second && change < end ? change : end;

    private void Flow(ReadOnlySpan<double> rates, int length, bool isDown, bool isMeasured, SampleObserver? observer)
    {
        var sources = Model.Sources;
        var waiting = this[Row.Waiting];
        var arriving = this[Row.Arriving];
        var processed = this[Row.Processed];
        if (isDown)
        {
            processed.Clear();
        }

        for (var t = 0; t < length; t++)
        {
            for (var s = 0; s < sources.Length; s++)
            {
                var (i, rate) = (sources[s], rates[(s * length) + t]);
                arriving[i] = rate;
                waiting[i] += rate;
                this[Row.Arrived][i] += rate;
                this[Row.MeasuredArrived][i] += isMeasured ? rate : 0;
            }

            if (!isDown)
            {
                Move(Model, Capacity, waiting, processed, this[Row.Taken], this[Row.Blocked]);
            }

            foreach (var i in sources)
            {
                Watch(i, isDown);
            }

            observer?.Invoke(new Sample(Model, Second, isDown, arriving, waiting, processed, Parallelism));
            Second++;
        }
    }

    private void Watch(int source, bool isDown)
    {
        var lag = this[Row.Waiting][source];
        this[Row.LagSum][source] += lag;
        ref var largest = ref this[Row.LargestLag][source];
        largest = Math.Max(largest, lag);
        if (!isDown && double.IsNaN(this[Row.CaughtUp][source]) && lag <= this[Row.Arriving][source])
        {
            this[Row.CaughtUp][source] = Second;
        }
    }

    /// <summary>One second: consumers first, they free space for what is upstream.</summary>
    private static void Move(
        FluidModel model, Capacities capacities, Span<double> waiting, Span<double> processed, Span<double> taken, Span<double> blocked)
    {
        var (limit, buffer, roomPerRecord) = (capacities.Limit, capacities.Buffer, model.RoomPerRecord);
        var (first, consumers, selectivity) = (model.FirstConsumer, model.Consumers, model.Selectivity);
        for (var i = limit.Length - 1; i >= 0; i--)
        {
            var want = Math.Min(waiting[i], limit[i]);
            var moved = want;
            for (var k = first[i]; k < first[i + 1]; k++)
            {
                var to = consumers[k];
                moved = Math.Min(moved, (buffer[to] - waiting[to]) * roomPerRecord[i]);
            }

            // A buffer that has become smaller may hold more than it could.
            moved = Math.Max(moved, 0);
            waiting[i] -= moved;
            var made = moved * selectivity[i];
            for (var k = first[i]; k < first[i + 1]; k++)
            {
                waiting[consumers[k]] += made;
            }

            processed[i] = moved;
            taken[i] += moved;
            blocked[i] += want - moved;
        }
    }
}
