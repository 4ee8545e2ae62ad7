namespace Kta.Functional.Simulation;

/// <summary>
/// Runs the MAPE-K loop the way the KTA operator does, without a cluster: the same requests, ids, timestamps, history and
/// clamping; nothing is scaled.
/// </summary>
/// <remarks>
/// Time is virtual by default, so that an hour of the loop takes no time; with <see cref="IterationIds.Numbered"/> two runs of the same algorithm are the same to the
/// byte. Unlike the operator it keeps one history per run, refuses settings that make no sense, and reports the status
/// and body of every call that fails.
/// </remarks>
/// <example>
/// <code>
/// var run = await LocalOperator.RunAsync(algorithm, [TopologyNode.Deployment("orders")], iterations: 60);
/// Console.Write(run.ToTable());
/// </code>
/// </example>
public static class LocalOperator
{
    /// <summary>Runs the loop with an algorithm of this process, through the same bytes that would go over HTTP.</summary>
    /// <param name="algorithm">Has monitor and plan, and perhaps analyze.</param>
    /// <param name="topology">The nodes to decide about.</param>
    /// <param name="iterations">How often the loop turns; at least 1.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="LocalOperatorException">A step failed.</exception>
    /// <exception cref="ArgumentException">A setting makes no sense, or the algorithm lacks a step.</exception>
    public static Task<LocalRun> RunAsync(
        Algorithm algorithm,
        Topology topology,
        int iterations,
        LocalOperatorOptions? options = null,
        CancellationToken cancellationToken = default) =>
        RunAsync(StepAlgorithms.Of(algorithm), topology, iterations, options, cancellationToken);

    /// <summary>Runs the loop with algorithms of this process, as if each step were served by another one.</summary>
    /// <param name="algorithms">The algorithm of each step.</param>
    /// <param name="topology">The nodes to decide about.</param>
    /// <param name="iterations">How often the loop turns; at least 1.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="LocalOperatorException">A step failed.</exception>
    /// <exception cref="ArgumentException">A setting makes no sense, or an algorithm lacks its step.</exception>
    public static Task<LocalRun> RunAsync(
        StepAlgorithms algorithms,
        Topology topology,
        int iterations,
        LocalOperatorOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(algorithms);
        var settings = Checked(topology, iterations, options);
        return new Loop(new InProcessCaller(algorithms, settings), topology, settings).RunAsync(iterations, cancellationToken);
    }

    /// <summary>Runs the loop over HTTP, one address for each step.</summary>
    /// <param name="endpoints">Where the steps are served.</param>
    /// <param name="topology">The nodes to decide about.</param>
    /// <param name="iterations">How often the loop turns; at least 1.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="LocalOperatorException">A step failed or could not be reached.</exception>
    /// <exception cref="ArgumentException">A setting makes no sense.</exception>
    public static async Task<LocalRun> RunAsync(
        StepEndpoints endpoints,
        Topology topology,
        int iterations,
        LocalOperatorOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Validate();
        var settings = Checked(topology, iterations, options);
        using var http = new HttpCaller(endpoints, settings);
        IStepCaller caller = settings.Record is { } recorder ? new RecordingCaller(http, recorder) : http;
        return await new Loop(caller, topology, settings).RunAsync(iterations, cancellationToken).ConfigureAwait(false);
    }

    private static LocalOperatorOptions Checked(Topology topology, int iterations, LocalOperatorOptions? options)
    {
        ArgumentNullException.ThrowIfNull(topology);
        if (iterations < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(iterations), iterations, "A run has at least one iteration.");
        }

        if (topology.Select(node => node.Type).Distinct().Count() > 1)
        {
            throw new ArgumentException($"A policy has nodes of one type, this topology mixes them: {topology}.", nameof(topology));
        }

        var settings = options ?? new LocalOperatorOptions();
        settings.Validate();
        return settings;
    }
}
