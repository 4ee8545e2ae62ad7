namespace Kta.Functional.Files;

/// <summary>An object of a file and its members.</summary>
internal sealed class YamlObject(YamlValue whole, IReadOnlyList<(string Name, YamlValue Value)> members)
{
    private readonly Dictionary<string, YamlValue> _members = members.ToDictionary(member => member.Name, member => member.Value);

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
