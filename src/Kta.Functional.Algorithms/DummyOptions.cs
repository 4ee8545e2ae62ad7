using static System.FormattableString;

namespace Kta.Functional.Algorithms;

/// <summary>The settings of the dummy autoscaler.</summary>
public sealed record DummyOptions
{
    /// <summary>Checks and takes the settings.</summary>
    /// <param name="toggleThreshold">After how many iterations the replica counts are swapped; at least 1.</param>
    /// <param name="firstReplicas">The replicas of the first node in state 0; at least 1.</param>
    /// <param name="secondReplicas">The replicas of the first node in state 1; at least 1 and different from <paramref name="firstReplicas"/>.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names all that are.</exception>
    public DummyOptions(int toggleThreshold = 2, int firstReplicas = 4, int secondReplicas = 2)
    {
        var problems = new List<string>();
        if (toggleThreshold < 1)
        {
            problems.Add(Invariant($"the toggle threshold has to be at least 1, got {toggleThreshold}"));
        }

        if (firstReplicas < 1 || secondReplicas < 1)
        {
            problems.Add(Invariant($"both replica counts have to be at least 1, got {firstReplicas} and {secondReplicas}"));
        }

        if (firstReplicas == secondReplicas)
        {
            problems.Add(Invariant($"the two replica counts have to differ, got {firstReplicas} twice"));
        }

        if (problems.Count > 0)
        {
            throw new ArgumentException($"The dummy autoscaler cannot work like this: {string.Join("; ", problems)}.");
        }

        ToggleThreshold = toggleThreshold;
        FirstReplicas = firstReplicas;
        SecondReplicas = secondReplicas;
    }

    /// <summary>After how many iterations the replica counts are swapped.</summary>
    public int ToggleThreshold { get; }

    /// <summary>The replicas of the first node in state 0.</summary>
    public int FirstReplicas { get; }

    /// <summary>The replicas of the first node in state 1.</summary>
    public int SecondReplicas { get; }

    internal int ReplicasInState(int state) => state == 0 ? FirstReplicas : SecondReplicas;

    /// <summary>Takes a list of replica counts, as command lines give them.</summary>
    /// <param name="toggleThreshold">After how many iterations the replica counts are swapped; at least 1.</param>
    /// <param name="numReplicasByState">Exactly two different replica counts, each at least 1.</param>
    /// <exception cref="ArgumentException">A setting is out of range, or there are not exactly two counts.</exception>
    public static DummyOptions From(int toggleThreshold, IReadOnlyList<int> numReplicasByState)
    {
        ArgumentNullException.ThrowIfNull(numReplicasByState);
        return numReplicasByState.Count == 2
            ? new(toggleThreshold, numReplicasByState[0], numReplicasByState[1])
            : throw new ArgumentException(
                "The dummy autoscaler has two states and needs exactly two different replica counts, " +
                $"got {numReplicasByState.Count}: {string.Join(", ", numReplicasByState.Select(count => Invariant($"{count}")))}.",
                nameof(numReplicasByState));
    }
}
