namespace Kta.Functional.Files;

/// <summary>What stands under <c>metadata</c>.</summary>
/// <param name="Line">The line of the name.</param>
/// <param name="Name">Null if something is wrong with it.</param>
/// <param name="Namespace">Null if there is none, or something is wrong with it.</param>
/// <param name="Ours">What only we understand.</param>
internal sealed record Metadata(int Line, string? Name, string? Namespace, Annotations Ours)
{
    internal string? FullName => Name is null ? null : $"{Namespace ?? "default"}/{Name}";
}

/// <summary>Reads <c>metadata</c>. What the API server adds to it may be there.</summary>
internal static class MetadataReader
{
    private static readonly string[] s_known =
    [
        "name", "namespace", "annotations", "labels", "generateName", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
        "deletionGracePeriodSeconds", "finalizers", "ownerReferences", "managedFields", "selfLink",
    ];

    internal static Metadata? Read(YamlValue value)
    {
        if (value.Object("an object with the name of the policy", s_known) is not { } metadata)
        {
            return null;
        }

        var name = metadata.Required("name", "the name of the policy");
        var annotations = metadata["annotations"] is { } given ? AnnotationReader.Read(given) : Annotations.None;
        return new((name ?? value).Line, name?.ObjectName(), metadata["namespace"]?.NamespaceName(), annotations);
    }
}
