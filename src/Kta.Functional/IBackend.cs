namespace Kta.Functional;

/// <summary>Serves an algorithm to the operator. <c>Kta.Functional.Http.HttpBackend</c> is the one that ships.</summary>
public interface IBackend
{
    /// <summary>Hands over the algorithm to serve. Once only.</summary>
    /// <param name="algorithm">An algorithm with at least one step.</param>
    /// <exception cref="IllegalStateException">The backend has an algorithm already, or the algorithm has no step.</exception>
    /// <exception cref="ArgumentException">A result type cannot be a JSON object.</exception>
    void Setup(Algorithm algorithm);

    /// <summary>Serves until the token fires or the process is asked to stop, then ends the calls that are under way.</summary>
    /// <param name="cancellationToken">Stops serving.</param>
    /// <exception cref="IllegalStateException">There is no algorithm.</exception>
    Task RunAsync(CancellationToken cancellationToken = default);
}
