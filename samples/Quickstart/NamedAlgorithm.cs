using Kta.Functional;
using Kta.Functional.Algorithms;

namespace Quickstart;

/// <summary>What the command line names.</summary>
internal static class NamedAlgorithm
{
    internal const string Dummy = "dummy";

    /// <exception cref="ArgumentException">There is no such algorithm, setting or step.</exception>
    internal static Algorithm Create(string name, string[] settings, DummyOptions dummy, Step[]? steps)
    {
        if (name == Dummy)
        {
            var autoscaler = DummyAutoscaler.Create(dummy);
            return steps is { Length: > 0 } ? autoscaler.WithOnly(steps) : autoscaler;
        }

        var rule = Autoscaler.ByName(name, settings.Select(Pair));
        return steps is { Length: > 0 } ? rule.WithOnly(steps) : rule;
    }

    private static KeyValuePair<string, string?> Pair(string setting) => setting.Split('=', 2) switch
    {
        [var name, var value] => new(name, value),
        _ => throw new ArgumentException($"--set {setting}: write name=value, such as --set cooldown=2m."),
    };
}
