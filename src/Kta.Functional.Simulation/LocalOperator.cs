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
    private const string OnlyPolicy = "policy";

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
        var policy = LocalPolicy.Of(OnlyPolicy, algorithms, topology, options);
        return OnlyAsync(RunAsync([policy], iterations, policy.Options.Clock, cancellationToken));
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
    public static Task<LocalRun> RunAsync(
        StepEndpoints endpoints,
        Topology topology,
        int iterations,
        LocalOperatorOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        var policy = LocalPolicy.Of(OnlyPolicy, endpoints, topology, options);
        return OnlyAsync(RunAsync([policy], iterations, policy.Options.Clock, cancellationToken));
    }

    /// <summary>Runs the loops of several policies by one clock: each when it is due, each with its own topology, algorithm and history.</summary>
    /// <param name="policies">The policies, at least one.</param>
    /// <param name="iterations">How often each loop turns; at least 1.</param>
    /// <param name="clock">The clock of all of them, instead of those of their options; null for a <see cref="VirtualClock"/>.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>The runs in the order of the policies.</returns>
    /// <exception cref="LocalOperatorException">A step failed; the message names the policy.</exception>
    /// <exception cref="ChangedDecisionException">Asked again at the end of the run, a step answered differently.</exception>
    /// <exception cref="ArgumentException">There is no policy, two have one name, or an algorithm lacks a step.</exception>
    public static Task<IReadOnlyList<LocalRun>> RunAsync(
        IReadOnlyList<LocalPolicy> policies, int iterations, TimeProvider? clock = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policies);
        if (iterations < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(iterations), iterations, "A run has at least one iteration.");
        }

        if (policies.Count == 0 || policies.DistinctBy(policy => policy.Name).Count() < policies.Count)
        {
            throw new ArgumentException("A run needs at least one policy, and each a name of its own.", nameof(policies));
        }

        clock ??= new VirtualClock();
        var shared = policies.Any(policy => policy.Options.Defects.HasFlag(OperatorDefects.SharedHistory)) ? new Knowledge() : null;
        var owned = new List<IDisposable>();
        var loops = new List<PolicyLoop>();
        foreach (var policy in policies)
        {
            var settings = policy.Options with { Clock = clock };
            var (steps, disposable) = policy.Serve(settings);
            owned.AddRange(disposable is null ? [] : [disposable]);
            var knowledge = settings.Defects.HasFlag(OperatorDefects.SharedHistory) ? shared! : new Knowledge();
            foreach (var earlier in settings.EarlierIterations)
            {
                knowledge.Add(earlier.Finished);
            }

            loops.Add(new(policies.Count > 1 ? policy.Name : "", steps, policy.Topology, iterations, settings, knowledge));
        }

        return FinishAsync(Loop.RunAsync(loops, clock, cancellationToken), owned);
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

    private static async Task<LocalRun> OnlyAsync(Task<IReadOnlyList<LocalRun>> runs) => (await runs.ConfigureAwait(false))[0];

    private static async Task<T> FinishAsync<T>(Task<T> run, List<IDisposable> owned)
    {
        try
        {
            return await run.ConfigureAwait(false);
        }
        finally
        {
            owned.ForEach(one => one.Dispose());
        }
    }
}
