using Kta.Functional.Files;

namespace Kta.Functional.Operator.Flink;

/// <summary>The task managers of a job, with one slot each.</summary>
internal sealed class TaskManagers(TaskManagerDeployment deployment, IReplicas? replicas)
{
    /// <summary>How many a job needs whose vertices have so many instances.</summary>
    internal int NeededFor(IEnumerable<int> parallelism) => deployment.Slots == SlotUse.SharedTaskSlots
        ? parallelism.Max()
        : parallelism.Aggregate(0, (sum, one) => (int)Math.Min(int.MaxValue, (long)sum + one));

    /// <summary>Adds those that are missing, and takes away those that are not used any more.</summary>
    /// <param name="needed">How many are needed.</param>
    /// <param name="areOthersUnused">Whether no task runs in more.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What was done; null if nothing was.</returns>
    /// <exception cref="ScalingException">It could not be done.</exception>
    internal async Task<string?> AdjustAsync(int needed, bool areOthersUnused, CancellationToken cancellationToken)
    {
        if (replicas is null)
        {
            throw new ScalingException($"The task managers of Deployment {deployment.Name} are not scaled: there is no connection to Kubernetes.");
        }

        var now = await replicas.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (now == needed || (now > needed && !areOthersUnused))
        {
            return null;
        }

        await replicas.ScaleAsync(needed, cancellationToken).ConfigureAwait(false);
        return FormattableString.Invariant($"Task managers, {replicas.Name}: {now} → {needed}.");
    }
}
