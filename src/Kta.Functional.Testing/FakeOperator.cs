using Kta.Functional.Http;
using Kta.Functional.Simulation;
using Microsoft.Extensions.Logging;

namespace Kta.Functional.Testing;

/// <summary>Starts operators for tests of a served algorithm: see <see cref="FakeOperator{TMonitor, TAnalyze}"/>.</summary>
public static class FakeOperator
{
    /// <summary>Serves an algorithm by HTTP on a free port of 127.0.0.1, and calls it as the operator does.</summary>
    /// <typeparam name="TMonitor">What the monitor step answers.</typeparam>
    /// <typeparam name="TAnalyze">What the analyze step answers.</typeparam>
    /// <param name="algorithm">Has monitor and plan, and perhaps analyze.</param>
    /// <param name="topology">The nodes; null for <c>Deployment/app</c> alone.</param>
    /// <param name="options">Limits, interval and the like; null for the defaults. <see cref="LocalOperatorOptions.Attempts"/>, <see cref="LocalOperatorOptions.OnFailure"/>,
    /// <see cref="LocalOperatorOptions.AskTwice"/> and <see cref="LocalOperatorOptions.HttpClient"/> do not count.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentException">A setting makes no sense, or the algorithm lacks a step.</exception>
    /// <example><code>await using var op = await FakeOperator.StartAsync(careful);</code></example>
    public static async Task<FakeOperator<TMonitor, TAnalyze>> StartAsync<TMonitor, TAnalyze>(
        Algorithm<TMonitor, TAnalyze> algorithm,
        Topology? topology = null,
        LocalOperatorOptions? options = null,
        CancellationToken cancellationToken = default)
        where TMonitor : class
        where TAnalyze : class
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        foreach (var needed in (Step[])[Step.Monitor, Step.Plan])
        {
            if (!algorithm.Has(needed))
            {
                throw new ArgumentException($"{algorithm} has no {needed.Name()} step, which the loop needs. Add it with With{needed}.", nameof(algorithm));
            }
        }

        var backend = new HttpBackend(new HttpBackendOptions
        {
            Host = "127.0.0.1",
            Port = 0,
            ShutdownDelay = TimeSpan.Zero,
            ConfigureBuilder = builder => builder.Logging.AddFilter(level => level >= LogLevel.Warning),
        });
        var connection = new FaultyConnection(seesSteps: true);
        backend.Setup(algorithm with
        {
            Monitor = algorithm.Monitor?.Watched(() => connection.Begins(Step.Monitor)),
            Analyze = algorithm.Analyze?.Watched(() => connection.Begins(Step.Analyze)),
            Plan = algorithm.Plan?.Watched(() => connection.Begins(Step.Plan)),
        });
        var server = await backend.StartAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var endpoints = StepEndpoints.At(server.BaseAddress.ToString(), analyze: algorithm.Has(Step.Analyze));
            return new(algorithm, endpoints, topology, options, connection, server);
        }
        catch
        {
            await ((IAsyncDisposable)server).DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Calls steps that are served already, in any language.</summary>
    /// <typeparam name="TMonitor">What the monitor step answers.</typeparam>
    /// <typeparam name="TAnalyze">What the analyze step answers.</typeparam>
    /// <param name="types">Says how results are read: the algorithm, or <c>Algorithm.For&lt;Load, Demand&gt;()</c>; <c>Algorithm.For&lt;JsonObject, JsonObject&gt;()</c> reads any.</param>
    /// <param name="endpoints">Where the steps are.</param>
    /// <param name="topology">The nodes; null for <c>Deployment/app</c> alone.</param>
    /// <param name="options">As for <see cref="StartAsync"/>.</param>
    /// <exception cref="ArgumentException">A setting or an address makes no sense.</exception>
    public static FakeOperator<TMonitor, TAnalyze> At<TMonitor, TAnalyze>(
        Algorithm<TMonitor, TAnalyze> types, StepEndpoints endpoints, Topology? topology = null, LocalOperatorOptions? options = null)
        where TMonitor : class
        where TAnalyze : class
    {
        ArgumentNullException.ThrowIfNull(types);
        ArgumentNullException.ThrowIfNull(endpoints);
        return new(types, endpoints, topology, options, new(seesSteps: false), null);
    }
}
