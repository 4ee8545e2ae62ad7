namespace Kta.Functional.Simulation;

/// <summary>What happened in a run of a policy against a simulated application. Made by <see cref="Simulator"/>.</summary>
/// <remarks>Immutable. The same application, algorithm and seed give the same run, to the byte.</remarks>
public sealed class SimulatedRun
{
    private readonly Lazy<RunFigures> _figures;

    internal SimulatedRun(
        Application application,
        string algorithm,
        IReadOnlyDictionary<TopologyNode, int> start,
        IReadOnlyList<SimulatedIteration> iterations,
        IReadOnlyList<FailedAttempt> failures,
        IReadOnlyList<PlanChange> changes,
        IReadOnlyList<RunSample> samples)
    {
        Application = application;
        Topology = application.Topology;
        Algorithm = algorithm;
        Start = start;
        Iterations = iterations;
        Failures = failures;
        Changes = changes;
        Samples = samples;
        _figures = new(() => RunFigures.Of(this));
    }

    /// <summary>What was run, with everything that is needed to run it again.</summary>
    public Application Application { get; }

    /// <summary>The nodes, in the order of the operators.</summary>
    public Topology Topology { get; }

    /// <summary>The name of the algorithm, or its address.</summary>
    public string Algorithm { get; }

    /// <summary>The seed of everything random in the application.</summary>
    public long Seed => Application.Seed;

    /// <summary>The instances at the start.</summary>
    public IReadOnlyDictionary<TopologyNode, int> Start { get; }

    /// <summary>The iterations that were finished, the first one first.</summary>
    public IReadOnlyList<SimulatedIteration> Iterations { get; }

    /// <summary>Attempts at iterations that failed.</summary>
    public IReadOnlyList<FailedAttempt> Failures { get; }

    /// <summary>The changes of the parallelism, the first one first.</summary>
    public IReadOnlyList<PlanChange> Changes { get; }

    /// <summary>Every second of the run.</summary>
    public IReadOnlyList<RunSample> Samples { get; }

    /// <summary>How good the run was, without the clairvoyant's: <see cref="RunFigures.Of(SimulatedRun, ClairvoyantOptimum)"/> compares with that.</summary>
    public RunFigures Figures => _figures.Value;

    /// <summary>The iterations as a table to read, with the reasons for what was changed or held back.</summary>
    public string ToTable() => RunTable.Write(this, Iterations);
}
