using Kta.Functional.Statelessness;

namespace Kta.Functional;

/// <summary>Lets a step use something that has a life of its own, such as an HTTP client.</summary>
public static class Service
{
    /// <summary>Declares that steps may use an object though it can change.</summary>
    /// <typeparam name="T">The type steps see, for example an interface.</typeparam>
    /// <param name="value">The object. It is called by several requests at once, so it has to be safe for that.</param>
    /// <example>
    /// <code>
    /// var flink = Service.Of(new HttpClient { BaseAddress = … });
    /// var algorithm = Algorithm.Create&lt;Load&gt;(
    ///     monitor: async (ctx, ct) => await flink.Value.GetFromJsonAsync&lt;Load&gt;("/jobs", ct), …
    /// </code>
    /// </example>
    public static Service<T> Of<T>(T value)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(value);
    }
}

/// <summary>
/// An object with a life of its own that steps use: a client of Flink or Prometheus, a logger, something from the services
/// of an application. Declaring it shows a reader where a decision may depend on more than its context; nobody has to. Use
/// it in monitor; what it measured belongs into the result.
/// </summary>
/// <typeparam name="T">The type steps see, for example an interface.</typeparam>
/// <remarks>What is inside is not looked at: state in there is your responsibility.</remarks>
public sealed class Service<T>
    where T : class
{
    private readonly T _value;

    internal Service(T value) => _value = value;

    /// <summary>The object.</summary>
    public T Value
    {
        get
        {
            ServiceUse.Note();
            return _value;
        }
    }
}
