using Kta.Functional.Calls;

namespace Kta.Functional.Simulation;

/// <summary>What a KtaPolicy is to the operator: nodes, where the steps are, and settings. For runs of several policies, see <see cref="LocalOperator"/>.</summary>
/// <remarks>Immutable. Each policy has its own history, interval and limits; time is the same for all policies of a run.</remarks>
public sealed class LocalPolicy
{
    private readonly Func<LocalOperatorOptions, (ServedSteps Steps, IDisposable? Owned)> _serve;

    private LocalPolicy(string name, Topology topology, LocalOperatorOptions? options, Func<LocalOperatorOptions, (ServedSteps, IDisposable?)> serve)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(topology);
        if (topology.Select(node => node.Type).Distinct().Count() > 1)
        {
            throw new ArgumentException($"A policy has nodes of one type, this topology mixes them: {topology}.", nameof(topology));
        }

        (Name, Topology, Options, _serve) = (name, topology, options ?? new LocalOperatorOptions(), serve);
        Options.Validate();
    }

    /// <summary>The name, for messages.</summary>
    public string Name { get; }

    /// <summary>The nodes to decide about.</summary>
    public Topology Topology { get; }

    /// <summary>The settings. The clock is that of the run.</summary>
    public LocalOperatorOptions Options { get; }

    /// <summary>A policy whose steps are an algorithm of this process.</summary>
    /// <param name="name">Its name, not empty.</param>
    /// <param name="algorithm">Has monitor and plan, and perhaps analyze.</param>
    /// <param name="topology">The nodes to decide about.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting makes no sense.</exception>
    public static LocalPolicy Of(string name, Algorithm algorithm, Topology topology, LocalOperatorOptions? options = null) =>
        Of(name, StepAlgorithms.Of(algorithm), topology, options);

    /// <summary>A policy with another algorithm of this process for each step.</summary>
    /// <param name="name">Its name, not empty.</param>
    /// <param name="algorithms">Who serves which step.</param>
    /// <param name="topology">The nodes to decide about.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting makes no sense.</exception>
    public static LocalPolicy Of(string name, StepAlgorithms algorithms, Topology topology, LocalOperatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(algorithms);
        return new(name, topology, options, settings => (InProcess.Of(algorithms.ByStep, settings), null));
    }

    /// <summary>A policy whose steps are served over HTTP.</summary>
    /// <param name="name">Its name, not empty.</param>
    /// <param name="endpoints">Where the steps are.</param>
    /// <param name="topology">The nodes to decide about.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting makes no sense.</exception>
    public static LocalPolicy Of(string name, StepEndpoints endpoints, Topology topology, LocalOperatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        endpoints.Validate();
        return new(name, topology, options, settings =>
        {
            var http = new HttpCaller(endpoints, settings);
            return (http.Steps(), http);
        });
    }

    /// <summary>A policy whose steps are anything that answers their bytes.</summary>
    /// <param name="name">Its name, not empty.</param>
    /// <param name="call">Answers the bytes of a request, for example <see cref="StepRunner.RunAsync(Step, ReadOnlyMemory{byte}, CancellationToken)"/>.</param>
    /// <param name="hasAnalyze">Whether there is an analyze step.</param>
    /// <param name="topology">The nodes to decide about.</param>
    /// <param name="options">The settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A setting makes no sense.</exception>
    public static LocalPolicy Of(string name, StepHandler call, bool hasAnalyze, Topology topology, LocalOperatorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(call);
        var steps = Enum.GetValues<Step>().Where(step => hasAnalyze || step != Step.Analyze).ToDictionary(step => step, _ => new ServedStep(name));
        return new(name, topology, options, _ => (new ServedSteps(call, null, steps), null));
    }

    internal (ServedSteps Steps, IDisposable? Owned) Serve(LocalOperatorOptions settings) => _serve(settings);
}
