namespace Kta.Functional.Operator;

/// <summary>Brings what was decided to the application: the last step of the loop, Execute.</summary>
/// <remarks>One driver serves one policy. Calls come one after the other.</remarks>
public abstract class ScaleDriver : IAsyncDisposable
{
    /// <summary>What it scales, for messages: <c>Flink job orders at http://jobmanager:8081</c>.</summary>
    public abstract string Target { get; }

    /// <summary>How long the last rescale took that it has seen from its beginning to its end; null if it has seen none.</summary>
    public virtual Rescale? LastRescale => null;

    /// <summary>Compares a decision with what really runs, and changes what differs. Nothing is sent while they agree.</summary>
    /// <param name="decision">What is wanted, and why.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>What became of each node. A node that could not be scaled is told there, and does not keep others from being scaled.</returns>
    /// <exception cref="OperationCanceledException">The call was ended.</exception>
    public abstract Task<ScalingResult> ScaleAsync(Decision decision, CancellationToken cancellationToken);

    /// <summary>Tells whoever looks at the application that nothing could be decided. Failing to tell is no failure.</summary>
    /// <param name="problem">Which step failed, and why.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public virtual Task TellFailureAsync(string problem, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends what it watches, and closes its connections.</summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
