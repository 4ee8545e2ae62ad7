namespace Kta.Functional.Operator;

/// <summary>Copies of a program of which there can be more or fewer: a Deployment, or whatever else keeps them running.</summary>
public interface IReplicas
{
    /// <summary>What it is and where, for messages: <c>Deployment orders-taskmanager in namespace shop</c>.</summary>
    string Name { get; }

    /// <summary>How many there should be now.</summary>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ScalingException">It cannot be read; the message says why, and what to do.</exception>
    Task<int> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Asks for another number.</summary>
    /// <param name="replicas">How many there should be, at least 0.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="ScalingException">It is refused; the message says why, and what to do.</exception>
    Task ScaleAsync(int replicas, CancellationToken cancellationToken);
}
