namespace Kta.Functional.Simulation;

/// <summary>
/// Runs the MAPE-K loop the way the KTA operator does, without a cluster: the same requests, ids, timestamps, history and
/// clamping; nothing is scaled.
/// </summary>
/// <remarks>
/// Time is virtual by default, so that an hour of the loop takes no time; with <see cref="IterationIds.Numbered"/> two runs of the same algorithm are the same to the
/// byte. When a run is over, steps are asked twice, see <see cref="LocalOperatorOptions.AskTwice"/>. Unlike the operator it keeps one history per run, refuses settings that make no sense, and reports the status
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
    /// <exception cref="ChangedDecisionException">Asked again at the end of the run, a step answered differently.</exception>
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
    /// <exception cref="ChangedDecisionException">Asked again at the end of the run, a step answered differently.</exception>
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
        return new Loop(InProcess.Of(algorithms, settings), topology, settings).RunAsync(iterations, cancellationToken);
    }

    /// <summary>Runs the loop over HTTP, one address for each step.</summary>
    /// <param name="endpoints">Where the steps are served.</param>
    /// <param name="topology">The nodes to decide about.</param>
    /// <param name="iterations">How often the loop turns; at least 1.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="LocalOperatorException">A step failed or could not be reached.</exception>
    /// <exception cref="ChangedDecisionException">Asked again at the end of the run, a step answered differently.</exception>
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
        return await new Loop(http.Steps(), topology, settings).RunAsync(iterations, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// For tests: turns the loop to get contexts, asks the steps about them again and again, and throws unless each context
    /// always gets the same answer. A monitor that is asynchronous or uses a <see cref="Service{T}"/> looks at the world, and is
    /// not asked again.
    /// </summary>
    /// <param name="algorithm">Has monitor and plan, and perhaps analyze.</param>
    /// <param name="topology">The nodes to decide about.</param>
    /// <param name="iterations">How often the loop turns; at least 1.</param>
    /// <param name="options">The settings but <see cref="LocalOperatorOptions.AskTwice"/>; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The run.</returns>
    /// <exception cref="ChangedDecisionException">A context got two answers; names step, context, path and both values.</exception>
    /// <exception cref="LocalOperatorException">A step failed.</exception>
    /// <exception cref="ArgumentException">A setting makes no sense, or the algorithm lacks a step.</exception>
    /// <example><code>await LocalOperator.AskTwiceAsync(algorithm, [TopologyNode.Deployment("orders")]);</code></example>
    public static Task<LocalRun> AskTwiceAsync(
        Algorithm algorithm,
        Topology topology,
        int iterations = 20,
        LocalOperatorOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        var asked = algorithm.Steps.Where(step => step != Step.Monitor || !algorithm.IsAsync(step)).ToArray();
        var settings = (options ?? new()) with { AskTwice = asked, LeastAsked = AskTwiceExtensions.LeastAsked };
        return RunAsync(algorithm, topology, iterations, settings, cancellationToken);
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
