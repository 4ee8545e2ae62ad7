using Kta.Functional.Calls;

namespace Kta.Functional.Simulation;

/// <summary>Where the steps are served: one address each, as in a KtaPolicy. They may be in different processes.</summary>
/// <param name="Monitor">The address of monitor.</param>
/// <param name="Analyze">The address of analyze, or null for a policy without analyze.</param>
/// <param name="Plan">The address of plan.</param>
public sealed record StepEndpoints(Uri Monitor, Uri? Analyze, Uri Plan)
{
    private static readonly string[] Names = ["monitor", "analyze", "plan"];

    /// <summary>The addresses of a process that serves all steps.</summary>
    /// <param name="baseAddress">
    /// For example <c>http://127.0.0.1:8096</c>, or <c>https://example.org/scaling</c> for steps behind a path; with or without a slash
    /// at the end. <c>0.0.0.0</c> and <c>[::]</c>, where a server listens that is to be reached from everywhere, mean this machine.
    /// </param>
    /// <param name="prefix">The path below which the steps are; it comes after that of the address, unless the address ends with it.</param>
    /// <param name="analyze">Whether there is an analyze step.</param>
    /// <exception cref="ArgumentException">
    /// The address is not an absolute http or https address, has a query or a fragment, or is that of a single step.
    /// </exception>
    public static StepEndpoints At(string baseAddress, string prefix = "/api/v1alpha1", bool analyze = true)
    {
        ArgumentNullException.ThrowIfNull(baseAddress);
        ArgumentNullException.ThrowIfNull(prefix);
        if (!Uri.TryCreate(baseAddress, UriKind.Absolute, out var root) || root.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException(
                $"'{baseAddress}' is not an address of the form http://host:port or http://host:port/path.", nameof(baseAddress));
        }

        if (root.Query.Length > 0 || root.Fragment.Length > 0)
        {
            throw new ArgumentException(
                $"'{baseAddress}' has a query or a fragment, where no path can follow. Give each step its address with new StepEndpoints(…).",
                nameof(baseAddress));
        }

        if (prefix.AsSpan().IndexOfAny('?', '#') >= 0)
        {
            throw new ArgumentException($"The prefix '{prefix}' is no path: it has a query or a fragment.", nameof(prefix));
        }

        var (path, below) = (root.AbsolutePath.TrimEnd('/'), prefix.Trim('/'));
        if (Names.FirstOrDefault(name => path.EndsWith($"/{name}", StringComparison.Ordinal)) is { } step)
        {
            throw new ArgumentException(
                $"'{baseAddress}' is the address of {step} alone. Leave out what follows the server, or give each step its address with new StepEndpoints(…).",
                nameof(baseAddress));
        }

        var isComplete = below.Length == 0 || path.EndsWith($"/{below}", StringComparison.Ordinal);
        var start = isComplete ? path : $"{path}/{below}";
        Uri Step(string name) => new UriBuilder(root) { Host = Reachable(root.Host), Path = $"{start}/{name}" }.Uri;
        return new(Step("monitor"), analyze ? Step("analyze") : null, Step("plan"));
    }

    /// <summary>Calls the steps as the operator does: for a replay of a server, for example.</summary>
    /// <param name="client">The client; not disposed of.</param>
    /// <param name="timeout">How long a step may take; null for the operator's 5 s.</param>
    /// <returns>Answers the bytes of a request; throws <see cref="HttpRequestException"/> if there is no answer.</returns>
    public StepHandler CalledWith(HttpClient client, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        Validate();
        var options = new LocalOperatorOptions { HttpClient = client };
        var caller = new HttpCaller(this, timeout is { } limit ? options with { StepTimeout = limit } : options).Steps().Bytes;
        return async (step, request, callerGone) =>
        {
            try
            {
                return await caller(step, request, callerGone).ConfigureAwait(false);
            }
            catch (StepUnreachableException error)
            {
                throw new HttpRequestException(error.Message, error);
            }
        };
    }

    internal void Validate()
    {
        foreach (var address in (Uri?[])[Monitor, Analyze, Plan])
        {
            if (address is { IsAbsoluteUri: false } || address is { Scheme: not ("http" or "https") })
            {
                throw new ArgumentException($"'{address}' is not an address of the form http://host:port/path.");
            }
        }
    }

    private static string Reachable(string host) => host switch { "0.0.0.0" => "127.0.0.1", "[::]" => "[::1]", _ => host };
}
