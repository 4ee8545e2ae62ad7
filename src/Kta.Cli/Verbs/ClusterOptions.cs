using System.CommandLine;

namespace Kta.Cli;

/// <summary>Which cluster, and who of several processes acts in it.</summary>
internal sealed class ClusterOptions
{
    private readonly Option<string?> _kubeconfig = new("--kubeconfig")
    {
        Description = "The cluster whose objects are scaled. Default: KUBECONFIG, ~/.kube/config, or the one this runs in.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _context = new("--context")
    {
        Description = "A context of the kubeconfig. Default: its current one.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _lease = new("--leader-election")
    {
        Description = "Of all processes with this Lease of the cluster one decides, the others wait.",
        HelpName = "NAMESPACE/NAME",
    };

    private readonly Option<int?> _seconds = NumberOption.Of<int>(
        "--lease-seconds", "How long a leader that is not heard of is waited for. Default: 15.", "a number from 1 to 3600", "N");

    internal void AddTo(Command command)
    {
        command.Options.Add(_kubeconfig);
        command.Options.Add(_context);
        command.Options.Add(_lease);
        command.Options.Add(_seconds);
    }

    internal ClusterAccess AccessOf(ParseResult parsed) => new(parsed.GetValue(_kubeconfig), parsed.GetValue(_context));

    /// <returns>Null if none is asked for.</returns>
    /// <exception cref="UsageException">It makes no sense.</exception>
    internal Election? ElectionOf(ParseResult parsed, ClusterAccess access, Action<string> note) => parsed.GetValue(_lease) is { } lease
        ? new(lease, parsed.GetValue(_seconds) ?? 15, access, note)
        : parsed.GetValue(_seconds) is null ? null : throw new UsageException("--lease-seconds is for --leader-election.");
}
