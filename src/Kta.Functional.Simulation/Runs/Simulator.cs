using System.Text.Json.Nodes;

namespace Kta.Functional.Simulation;

/// <summary>
/// Runs a policy against a simulated application: the application is what monitor measures and what plans scale. No cluster, no waiting.
/// </summary>
/// <remarks>
/// <para>An iteration measures what happened since the last one, calls analyze and plan as the operator would, and scales the application to the
/// plan within its <see cref="Application.Limits"/>. While it is down or warming up there is no iteration; the next one comes one
/// <see cref="Application.Interval"/> after the warm-up has ended. It starts with <see cref="Application.Parallelism"/>.</para>
/// <para>Deterministic: time is virtual, ids are numbered, everything random has its seed in the application.</para>
/// <para>Of the options the interval, the limits, the clock and the ids do not count: they are the application's and the run's. A run begins
/// without a history, so <see cref="LocalOperatorOptions.EarlierIterations"/> are refused.</para>
/// </remarks>
/// <example>
/// <code>
/// var run = await Simulator.RunAsync(orders, Autoscaler.Create(Ds2.Rule()));
/// Console.WriteLine(run.Figures);
/// </code>
/// </example>
public static class Simulator
{
    /// <summary>Runs an algorithm of this process.</summary>
    /// <param name="application">The application; its trace says what arrives.</param>
    /// <param name="algorithm">Has plan, and perhaps analyze. A monitor step of its own is not called: the application answers
    /// <see cref="Measurements"/>.</param>
    /// <param name="options">The other settings; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="LocalOperatorException">A step failed.</exception>
    /// <exception cref="ChangedDecisionException">Asked again at the end of the run, a step answered differently.</exception>
    /// <exception cref="ArgumentException">The application or a setting makes no sense, or the algorithm has no plan step.</exception>
    public static Task<SimulatedRun> RunAsync(
        Application application, Algorithm algorithm, LocalOperatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        IEnumerable<(Step, Algorithm)> steps = algorithm.Has(Step.Analyze) ? [(Step.Plan, algorithm), (Step.Analyze, algorithm)] : [(Step.Plan, algorithm)];
        return RunAsync(application, algorithm.Name, settings => (InProcess.Of(steps, settings), null), options, cancellationToken);
    }

    /// <summary>Runs an algorithm that is served over HTTP.</summary>
    /// <param name="application">The application; its trace says what arrives.</param>
    /// <param name="endpoints">Where analyze and plan are served; monitor is not called.</param>
    /// <param name="options">The other settings; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="LocalOperatorException">A step failed or could not be reached.</exception>
    /// <exception cref="ChangedDecisionException">Asked again at the end of the run, a step answered differently.</exception>
    /// <exception cref="ArgumentException">The application or a setting makes no sense.</exception>
    public static Task<SimulatedRun> RunAsync(
        Application application, StepEndpoints endpoints, LocalOperatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Validate();
        return RunAsync(
            application,
            endpoints.Plan.ToString(),
            settings =>
            {
                var http = new HttpCaller(endpoints, settings);
                return (http.Steps(), http);
            },
            options,
            cancellationToken);
    }

    /// <summary>Runs without scaling: always this plan, from the start on, whatever the limits. A yardstick, see <see cref="StaticPlan"/>.</summary>
    /// <param name="application">The application; its trace says what arrives.</param>
    /// <param name="plan">The instances of every node.</param>
    /// <param name="options">The other settings; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="ArgumentException">The application or a setting makes no sense.</exception>
    /// <exception cref="UdfResultException">The plan does not fit the application.</exception>
    public static Task<SimulatedRun> RunAsync(
        Application application, Plan plan, LocalOperatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(plan);
        var algorithm = Algorithm.For<Measurements, JsonObject>().WithPlan(_ => plan).AsKnownStateless().WithName("static");
        application.ThrowIfWrong();
        return RunAsync(
            application with { Parallelism = plan.For(application.Topology) },
            algorithm.Name,
            settings => (InProcess.Of([(Step.Plan, algorithm)], settings), null),
            options,
            cancellationToken,
            new ParallelismLimits(1, int.MaxValue));
    }

    private static async Task<SimulatedRun> RunAsync(
        Application application,
        string name,
        Func<LocalOperatorOptions, (ServedSteps Steps, IDisposable? Owned)> serve,
        LocalOperatorOptions? options,
        CancellationToken cancellationToken,
        ParallelismLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(application);
        application.ThrowIfWrong();
        var (min, max) = limits ?? application.Limits;
        var settings = (options ?? new()) with
        {
            Interval = application.Interval,
            MinParallelism = min,
            MaxParallelism = max,
            Clock = new VirtualClock(),
            NewId = IterationIds.Numbered(),
        };
        settings.Validate();
        if (settings.EarlierIterations.Count > 0)
        {
            throw new ArgumentException("A simulated application begins at its start, without a history: EarlierIterations has to be empty.", nameof(options));
        }

        var (steps, owned) = serve(settings);
        using (owned)
        {
            return await new SimulationLoop(application, name, steps, settings).RunAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
