namespace Kta.Functional;

/// <summary>The state of one instance of a node, in the words of the Kubernetes pod autoscaler.</summary>
public enum InstanceState
{
    /// <summary>It runs and takes part in the work.</summary>
    Ready,

    /// <summary>It runs, but does not take part yet, or its usage does not count yet.</summary>
    Unready,

    /// <summary>It is not running yet.</summary>
    Pending,

    /// <summary>It has failed.</summary>
    Failed,

    /// <summary>It is being taken away.</summary>
    Deleting,
}

/// <summary>What is known about one instance (pod, subtask) of a node. Only the pod autoscaler's rule looks at instances.</summary>
/// <param name="State">Whether the instance takes part in the work.</param>
/// <param name="Usage">The CPU it uses, in cores; null if there is no sample.</param>
/// <param name="Request">The CPU it has requested, in cores; null if it has requested none.</param>
public sealed record InstanceMeasurements(InstanceState State, double? Usage = null, double? Request = null);
