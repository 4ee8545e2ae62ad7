namespace Kta.Functional.Simulation;

/// <summary>Where the steps are served: one address each, as in a KtaPolicy. They may be in different processes.</summary>
/// <param name="Monitor">The address of monitor.</param>
/// <param name="Analyze">The address of analyze, or null for a policy without analyze.</param>
/// <param name="Plan">The address of plan.</param>
public sealed record StepEndpoints(Uri Monitor, Uri? Analyze, Uri Plan)
{
    /// <summary>The addresses of a process that serves all steps.</summary>
    /// <param name="baseAddress">For example <c>http://127.0.0.1:8096</c>.</param>
    /// <param name="prefix">The path below which the steps are.</param>
    /// <param name="analyze">Whether there is an analyze step.</param>
    /// <exception cref="ArgumentException">The address is not an absolute http or https address.</exception>
    public static StepEndpoints At(string baseAddress, string prefix = "/api/v1alpha1", bool analyze = true)
    {
        ArgumentNullException.ThrowIfNull(baseAddress);
        ArgumentNullException.ThrowIfNull(prefix);
        if (!Uri.TryCreate(baseAddress, UriKind.Absolute, out var root) || root.Scheme is not ("http" or "https"))
        {
            throw new ArgumentException(
                $"'{baseAddress}' is not an address of the form http://host:port.", nameof(baseAddress));
        }

        var path = prefix.Trim('/');
        Uri Step(string name) => new(root, path.Length == 0 ? $"/{name}" : $"/{path}/{name}");
        return new(Step("monitor"), analyze ? Step("analyze") : null, Step("plan"));
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
}
