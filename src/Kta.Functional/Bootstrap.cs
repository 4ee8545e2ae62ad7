using System.Diagnostics.CodeAnalysis;

namespace Kta.Functional;

/// <summary>Starts serving an algorithm.</summary>
/// <example><code>Bootstrap.Run(algorithm, new HttpBackend());</code></example>
public static class Bootstrap
{
    /// <summary>Serves an algorithm until the process is asked to stop (Ctrl+C, SIGTERM).</summary>
    /// <param name="algorithm">An algorithm with at least one step.</param>
    /// <param name="backend">A backend that has no algorithm yet.</param>
    /// <exception cref="IllegalStateException">The backend has an algorithm already, or the algorithm has no step.</exception>
    public static void Run(Algorithm algorithm, IBackend backend) => RunAsync(algorithm, backend).GetAwaiter().GetResult();

    /// <summary>Serves an algorithm written as a class until the process is asked to stop (Ctrl+C, SIGTERM).</summary>
    /// <typeparam name="TMonitor">What monitor answers.</typeparam>
    /// <typeparam name="TAnalyze">What analyze answers.</typeparam>
    /// <param name="instance">An object with at least one step, see <see cref="IUdfs{TMonitor, TAnalyze}"/>.</param>
    /// <param name="backend">A backend that has no algorithm yet.</param>
    /// <exception cref="IllegalStateException">The backend has an algorithm already, or the class has no step.</exception>
    public static void Run<
        [DynamicallyAccessedMembers(ResultTypes.Members)] TMonitor,
        [DynamicallyAccessedMembers(ResultTypes.Members)] TAnalyze>(
        IUdfs<TMonitor, TAnalyze> instance, IBackend backend)
        where TMonitor : class
        where TAnalyze : class =>
        Run(Algorithm.FromClass(instance), backend);

    /// <summary>Serves an algorithm until the token fires or the process is asked to stop.</summary>
    /// <param name="algorithm">An algorithm with at least one step.</param>
    /// <param name="backend">A backend that has no algorithm yet.</param>
    /// <param name="cancellationToken">Stops serving.</param>
    /// <exception cref="IllegalStateException">The backend has an algorithm already, or the algorithm has no step.</exception>
    public static Task RunAsync(Algorithm algorithm, IBackend backend, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(backend);
        backend.Setup(algorithm);
        return backend.RunAsync(cancellationToken);
    }
}
