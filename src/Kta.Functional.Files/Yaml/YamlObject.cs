namespace Kta.Functional.Files;

/// <summary>An object of a file and its members; those that are written out as nothing are as good as absent.</summary>
internal sealed class YamlObject(YamlValue whole, IReadOnlyList<(string Name, YamlValue Value)> members)
{
    private readonly Dictionary<string, YamlValue> _members =
        members.Where(member => !member.Value.IsNull).ToDictionary(member => member.Name, member => member.Value);

    internal YamlValue Whole { get; } = whole;

    /// <summary>A member, or null if it is absent.</summary>
    internal YamlValue? this[string name] => _members.TryGetValue(name, out var value) ? value : null;

    /// <summary>A member that has to be there.</summary>
    internal YamlValue? Required(string name, string expected)
    {
        if (this[name] is { } found)
        {
            return found;
        }

        Whole.Add($"{name} is missing: expected {expected}");
        return null;
    }
}
