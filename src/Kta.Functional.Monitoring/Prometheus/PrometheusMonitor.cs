using static System.FormattableString;

namespace Kta.Functional.Monitoring;

/// <summary>Reads the numbers of nodes from a Prometheus.</summary>
/// <remarks>
/// All queries of a call are asked at once, a few at a time, within the time of the step; each number is from the answer to its query and never made up. Numbers of
/// different ages are readings of different sources. See <see cref="PrometheusQuery"/> for what is read and how old it is.
/// </remarks>
/// <example><code>
/// using var prometheus = new PrometheusMonitor("http://prometheus:9090", PrometheusQueries.Flink(job: "orders"));
/// var algorithm = Autoscaler.Create(prometheus.MeasureAsync, Ds2.Rule());
/// </code></example>
public sealed class PrometheusMonitor : TopologyMonitor
{
    private const int AtOnce = 8;

    /// <summary>Older than anything: what is that old is stale anyway.</summary>
    private const double OldestSeconds = 1e9;

    /// <summary>In the year 9999.</summary>
    private const double LatestSecond = 253_402_300_799;

    private readonly PrometheusMonitorOptions _options;
    private readonly PrometheusServer _server;

    /// <summary>A monitor.</summary>
    /// <param name="address">The address of Prometheus, for example <c>http://prometheus:9090</c>, with a path if it stands behind one.</param>
    /// <param name="queries">What to ask, at least one.</param>
    /// <exception cref="ArgumentException">The address is none, or there are no queries.</exception>
    public PrometheusMonitor(string address, params IEnumerable<PrometheusQuery> queries)
        : this(new PrometheusMonitorOptions(new(address), queries))
    {
    }

    /// <summary>A monitor.</summary>
    /// <param name="options">What to ask and how.</param>
    /// <exception cref="ArgumentException">The options of the server do not fit, or a file of theirs cannot be read.</exception>
    public PrometheusMonitor(PrometheusMonitorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Names);
        ArgumentException.ThrowIfNullOrEmpty(options.Source);
        _options = options;
        _server = new(options.Server);
    }

    /// <inheritdoc/>
    protected override async Task<Measurements> ReadCoreAsync(MonitoringContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var answers = await AskAllAsync(QuestionsFor(context.Topology), cancellationToken).ConfigureAwait(false);
        if (_options.OnNote is { } onNote)
        {
            foreach (var note in Unknown(context.Topology).Concat(answers.SelectMany(answer => answer.Notes)))
            {
                onNote(note);
            }
        }

        return answers.Select(answer => answer.Measured).Aggregate(Measurements.Nothing, (all, one) => all.And(one));
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _server.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>A note for each node that is named, but not there.</summary>
    private IEnumerable<string> Unknown(Topology topology) => _options.Queries
        .SelectMany(query => (query.Node is { } node ? [node] : Enumerable.Empty<TopologyNode>()).Concat(query.Names?.Keys ?? []))
        .Concat(_options.Names.Keys)
        .Distinct()
        .Where(node => !topology.Contains(node))
        .Select(node => $"{_server.Name}: {node} is named in the queries, but the topology has no such node: it has {PrometheusAnswer.Some(topology.Select(known => $"{known}"))}.");

    private List<PrometheusQuestion> QuestionsFor(Topology topology)
    {
        var questions = new List<PrometheusQuestion>();
        foreach (var query in _options.Queries)
        {
            try
            {
                questions.AddRange(PrometheusQuestion.Of(query, topology, _options.Names));
            }
            catch (FormatException unfit)
            {
                throw _server.Failure(PrometheusServer.Shown(query.Expression), "was not asked.", $"Mend it: {unfit.Message}.");
            }
        }

        return questions;
    }

    /// <summary>Asks, and ends everything when one answer is none.</summary>
    private async Task<(Measurements Measured, List<string> Notes)[]> AskAllAsync(List<PrometheusQuestion> questions, CancellationToken cancellationToken)
    {
        using var places = new SemaphoreSlim(AtOnce);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        return await Task.WhenAll(questions.Select(AskAsync)).ConfigureAwait(false);

        async Task<(Measurements, List<string>)> AskAsync(PrometheusQuestion question)
        {
            await places.WaitAsync(ending.Token).ConfigureAwait(false);
            try
            {
                return await AskInTimeAsync(question, ending.Token).ConfigureAwait(false);
            }
            catch (MonitoringException)
            {
                await ending.CancelAsync().ConfigureAwait(false);
                throw;
            }
            finally
            {
                places.Release();
            }
        }
    }

    private async Task<(Measurements, List<string>)> AskInTimeAsync(PrometheusQuestion question, CancellationToken cancellationToken)
    {
        if (question.Query.TimeLimit is not { } limit)
        {
            return await AskAsync(question, cancellationToken).ConfigureAwait(false);
        }

        using var shorter = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        shorter.CancelAfter(limit);
        try
        {
            return await AskAsync(question, shorter.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw _server.Failure(
                PrometheusServer.Shown(question.Expression), Invariant($"was not answered within its time limit of {limit.TotalSeconds} s."), "Ask for less, or give it more time.");
        }
    }

    private async Task<(Measurements, List<string>)> AskAsync(PrometheusQuestion question, CancellationToken cancellationToken)
    {
        var (path, parameters, end) = question.Request(DateTimeOffset.UtcNow);
        var reply = await _server.AskAsync(path, question.Expression, parameters, cancellationToken).ConfigureAwait(false);
        if (question.Query.Range is null && reply.Kind == "matrix")
        {
            throw _server.Failure(
                PrometheusServer.Shown(question.Expression), "was answered 200, but with a range vector: many samples of each series, where one is needed.",
                "Take a function of it, such as avg_over_time, or give the query a range.", 200);
        }

        var notes = new List<string>(reply.Remarks);
        var answer = new PrometheusAnswer(question, reply, notes);
        var series = In(question.Expression, answer.Series);
        var sampledAt = await SampledAtAsync(question, reply, series.Count > 0, cancellationToken).ConfigureAwait(false);
        var readings = new List<PrometheusReading>();
        foreach (var (node, one) in series)
        {
            if (answer.NumberOf(node, one) is { } number)
            {
                var sampled = sampledAt?.GetValueOrDefault(node)?.Samples is [var only] && double.IsFinite(only.Value) ? only.Value : (double?)null;
                readings.Add(new(node, number, AgeOf(one, reply, end, sampled), sampled));
            }
        }

        return (Measured(question.Query.Quantity, readings), [.. notes.Select(note => $"{_server.Name}: {PrometheusServer.Shown(question.Expression)} for {question.Query.Quantity.WireName()}: {note}.")]);
    }

    /// <summary>The times of the samples of an instant, at the very time that the values are of; null if they are not known.</summary>
    private async Task<IReadOnlyDictionary<TopologyNode, PrometheusSeries>?> SampledAtAsync(
        PrometheusQuestion question, PrometheusReply reply, bool hasValues, CancellationToken cancellationToken)
    {
        // The times of samples come without the metric's name.
        if (!hasValues || reply is not { Kind: "vector", EvaluatedAt: { } at } || question.Query is { Range: not null } or { Label: "__name__" }
            || SampleTime.Of(question.Expression) is not { } times)
        {
            return null;
        }

        var asked = question with { Expression = times };
        var sampled = await _server.AskAsync("api/v1/query", times, [new("time", at)], cancellationToken).ConfigureAwait(false);
        return sampled.Kind == "vector" ? In(times, new PrometheusAnswer(asked, sampled, []).Series) : null;
    }

    private static double? AgeOf(PrometheusSeries values, PrometheusReply reply, double end, double? sampledAt) => reply.Kind == "matrix"
        ? end - values.Samples.Last(sample => double.IsFinite(sample.Value)).Time
        : values.Samples[0].Time - sampledAt;

    private T In<T>(string expression, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (FormatException wrong)
        {
            throw _server.Failure(PrometheusServer.Shown(expression), $"was answered, but the answer {wrong.Message}.", "Sum the series, or choose one by its labels.", 200);
        }
    }

    private Measurements Measured(Quantity quantity, List<PrometheusReading> readings) => readings
        .GroupBy(reading => SourceOf(quantity, reading))
        .Select(group => Measurements
            .Of(group.Select(reading => KeyValuePair.Create(reading.Node, NodeMeasurements.Nothing.With(quantity, reading.Value))))
            .From(group.Key))
        .Aggregate(Measurements.Nothing, (all, one) => all.And(one));

    private MeasurementSource SourceOf(Quantity quantity, PrometheusReading reading)
    {
        var age = reading.Age is { } seconds ? TimeSpan.FromSeconds(Math.Ceiling(Math.Clamp(seconds, 0, OldestSeconds))) : (TimeSpan?)null;
        var source = new MeasurementSource(_options.Source, age, _options.StaleAfter);

        // Of others nobody works out a growth, and each moment is a source of its own.
        return quantity is Quantity.Lag or Quantity.EndOffset && reading.SampledAt is >= 0 and <= LatestSecond and { } at
            ? source with { At = DateTimeOffset.FromUnixTimeMilliseconds((long)(at * 1e3)) }
            : source;
    }
}
