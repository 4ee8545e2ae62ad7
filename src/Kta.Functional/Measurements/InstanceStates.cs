namespace Kta.Functional;

/// <summary>The states of instances as words on the wire.</summary>
internal static class InstanceStates
{
    private static readonly string[] s_names = ["ready", "unready", "pending", "failed", "deleting"];

    internal static string WireName(InstanceState state) => s_names[(int)state];

    internal static InstanceState? Named(string name) => Array.IndexOf(s_names, name) is >= 0 and var at ? (InstanceState)at : null;
}
