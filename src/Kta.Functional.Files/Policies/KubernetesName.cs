using System.Text.RegularExpressions;

namespace Kta.Functional.Files;

/// <summary>Names as Kubernetes allows them.</summary>
internal static partial class KubernetesName
{
    private const string Objects = "a name of Kubernetes: at most 253 lower-case letters, digits, - and ., with a letter or a digit at both ends of each part";
    private const string Namespaces = "a namespace: at most 63 lower-case letters, digits and -, with a letter or a digit at both ends";

    /// <summary>The name of an object, or null if it can be none, which is a problem of the file.</summary>
    internal static string? ObjectName(this YamlValue value) => Checked(value, Objects, text => text.Length <= 253 && Subdomain().IsMatch(text));

    internal static string? NamespaceName(this YamlValue value) => Checked(value, Namespaces, text => text.Length <= 63 && Label().IsMatch(text));

    private static string? Checked(YamlValue value, string expected, Func<string, bool> fits) =>
        value.KubernetesText(expected) is { } text ? fits(text) ? text : value.Wrong<string>(expected) : null;

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?\z")]
    private static partial Regex Label();

    [GeneratedRegex(@"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\z")]
    private static partial Regex Subdomain();
}
