namespace Kta.Functional.Simulation;

/// <content>The kinds of traces.</content>
public abstract partial class Trace
{
    /// <summary>Always the same rate.</summary>
    /// <param name="rate">Records per second, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative or no number.</exception>
    public static Trace Constant(double rate) => Steps((0, CheckedRate(rate, nameof(rate))));

    /// <summary>A rate that stays until the next one begins.</summary>
    /// <param name="points">Since which second which rate: the first at 0, the others later and later; rates of at least 0.</param>
    /// <exception cref="ArgumentException">There is no point, the first is not at 0, seconds do not grow, or a rate is negative or no number.</exception>
    /// <example><code>Trace.Steps((0, 50_000), (1_800, 200_000), (5_400, 80_000))</code></example>
    public static Trace Steps(params (double Second, double Rate)[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return new PointTrace("steps", points, null);
    }

    /// <summary>mean + amplitude · cos(2π · time / period): it begins at its peak.</summary>
    /// <param name="mean">Records per second, at least 0.</param>
    /// <param name="amplitude">Records per second. Where it exceeds the mean, the rate is 0 for a while.</param>
    /// <param name="period">More than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Trace Cosine(double mean, double amplitude, TimeSpan period) => new CosineTrace(
        CheckedRate(mean, nameof(mean)), CheckedRate(amplitude, nameof(amplitude)), CheckedTime(period, nameof(period)));

    /// <summary>From one rate to another, evenly; then it stays there.</summary>
    /// <param name="from">Records per second, at least 0.</param>
    /// <param name="to">Records per second, at least 0.</param>
    /// <param name="over">How long it takes, more than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Trace Ramp(double from, double to, TimeSpan over) => new RampTrace(
        CheckedRate(from, nameof(from)), CheckedRate(to, nameof(to)), CheckedTime(over, nameof(over)));

    /// <summary>One rate, and another one for a short time, again and again.</summary>
    /// <param name="base">Records per second, at least 0.</param>
    /// <param name="height">Records per second during a spike: what there is then, not what is added. At least 0.</param>
    /// <param name="first">When the first spike begins, at least 0.</param>
    /// <param name="every">From the beginning of a spike to that of the next, at least the length.</param>
    /// <param name="length">How long a spike lasts, more than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Trace Spikes(double @base, double height, TimeSpan first, TimeSpan every, TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(every, length);
        return new SpikeTrace(
            CheckedRate(@base, nameof(@base)),
            CheckedRate(height, nameof(height)),
            first.TotalSeconds,
            every.TotalSeconds,
            CheckedTime(length, nameof(length)));
    }

    /// <summary>A random walk: every minute a step to either side, evenly distributed; below 0 it is reflected.</summary>
    /// <param name="start">Records per second in the first minute, at least 0.</param>
    /// <param name="step">The largest step, records per second, at least 0.</param>
    /// <param name="seed">The seed; null: see <see cref="Trace"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Trace Walk(double start, double step, long? seed = null) =>
        new WalkTrace(CheckedRate(start, nameof(start)), CheckedRate(step, nameof(step)), seed);

    /// <summary>
    /// Days, from a Monday's midnight on: low in the night (4:30), a peak in the morning (8:30, at 80 % of the way up) and the highest in the
    /// evening (18:30). On Saturdays and Sundays the load above <paramref name="low"/> is 70 %, every day is up to a tenth lower, and every
    /// minute up to 3 % off; it stays between the two rates.
    /// </summary>
    /// <param name="low">Records per second in the night, at least 0.</param>
    /// <param name="high">Records per second in the evening, at least <paramref name="low"/>; five to ten times as much is usual.</param>
    /// <param name="seed">The seed; null: see <see cref="Trace"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Trace Daily(double low, double high, long? seed = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(high, low);
        return new DailyTrace(CheckedRate(low, nameof(low)), CheckedRate(high, nameof(high)), seed);
    }

    /// <summary>A load pattern of the DEBS 2024 comparison of autoscalers, one rate a minute.</summary>
    /// <param name="pattern">Its shape.</param>
    /// <param name="query">Whose rates.</param>
    /// <param name="seed">The seed; null: see <see cref="Trace"/>.</param>
    /// <param name="spikeChance">
    /// The chance that in a minute a spike is drawn, up or down, from 0 to 1; default 0. It begins in the next minute, lasts one to three
    /// minutes, and is half to all of the query's amplitude.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A pattern or query is none of them, or the chance is out of range.</exception>
    /// <remarks>
    /// The definitions are theirs, the random numbers are not: a seed gives other numbers than there. For the rates of the queries see the
    /// documentation about simulating.
    /// </remarks>
    public static Trace Debs(DebsPattern pattern, NexmarkQuery query, long? seed = null, double spikeChance = 0)
    {
        if (!Enum.IsDefined(pattern) || !Enum.IsDefined(query) || spikeChance is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(pattern), FormattableString.Invariant($"{pattern}, {query}, {spikeChance}"), "A pattern, one of the queries, and a chance from 0 to 1 are needed.");
        }

        return new DebsTrace(pattern, query, spikeChance, seed);
    }

    /// <summary>A function of your own.</summary>
    /// <param name="name">For headings.</param>
    /// <param name="rateAt">Records per second at a time since the start: a pure function. Negative numbers and NaN count as 0.</param>
    public static Trace Of(string name, Func<TimeSpan, double> rateAt)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(rateAt);
        return new OwnTrace(name, rateAt);
    }

    /// <summary>
    /// Rows of <c>seconds,rate</c>: each rate holds until the next row. A first line that says so, blank lines, and lines that begin with
    /// # are skipped.
    /// </summary>
    /// <param name="reader">The rows; seconds count from the first one.</param>
    /// <param name="file">The name of the file, for errors and headings.</param>
    /// <exception cref="FileProblemException">
    /// A cell is no number of at least 0, seconds do not grow, rows do not come in even steps, or there are less than two; names every line.
    /// </exception>
    public static Trace Csv(TextReader reader, string file)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentException.ThrowIfNullOrEmpty(file);
        return CsvTrace.Read(reader, file);
    }

    /// <summary>All of them together.</summary>
    /// <param name="traces">At least one. It is as long as the shortest.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Trace Sum(params Trace[] traces) => new CombinedTrace("sum", traces, static (sum, rate) => sum + rate);

    /// <summary>Each multiplied by the next: a shape around 1 times a rate, say.</summary>
    /// <param name="traces">At least one. It is as long as the shortest.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    /// <example><code>Trace.Product(Trace.Constant(90_000), Trace.Ramp(1, 1.5, TimeSpan.FromHours(2)))</code></example>
    public static Trace Product(params Trace[] traces) => new CombinedTrace("product", traces, static (product, rate) => product * rate);

    /// <summary>The same with noise: each rate is multiplied by 1 plus a normally distributed number, drawn anew after a while.</summary>
    /// <param name="amount">Its standard deviation, 0.05 for 5 %; from 0 to 10.</param>
    /// <param name="every">How long a draw lasts, at least 1 s; null: a minute.</param>
    /// <param name="seed">The seed; null: see <see cref="Trace"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public Trace WithNoise(double amount, TimeSpan? every = null, long? seed = null)
    {
        if (amount is not (>= 0 and <= 10))
        {
            throw new ArgumentOutOfRangeException(nameof(amount), amount, "Noise is a standard deviation from 0 to 10, 0.05 for 5 %.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(every ?? TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1), nameof(every));
        return new NoisyTrace(this, amount, (every ?? TimeSpan.FromMinutes(1)).TotalSeconds, seed);
    }

    /// <summary>The same, begun later: its rate at a moment is what it was this much after that moment.</summary>
    /// <param name="offset">How much of its beginning is left out, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    /// <example><code>Trace.Daily(low: 20_000, high: 150_000).Offset(TimeSpan.FromHours(6))</code></example>
    public Trace Offset(TimeSpan offset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(offset, TimeSpan.Zero);
        return new LaterTrace(this, offset);
    }

    /// <summary>Of a number that was worked out a rate.</summary>
    private protected static double Possible(double rate) => rate > 0 ? Math.Min(rate, LargestRate) : 0;

    private static double CheckedRate(double rate, string name) =>
        rate is >= 0 and <= LargestRate
            ? rate
            : throw new ArgumentOutOfRangeException(name, rate, "A rate is a number of records per second, at least 0.");

    private static double CheckedTime(TimeSpan time, string name) =>
        time > TimeSpan.Zero ? time.TotalSeconds : throw new ArgumentOutOfRangeException(name, time, "A time above 0 is needed.");

    /// <summary>Beyond it, sums would lose whole records.</summary>
    internal const double LargestRate = 1e12;
}
