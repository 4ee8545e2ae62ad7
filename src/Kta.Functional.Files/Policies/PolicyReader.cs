using Kta.Functional.Simulation;

namespace Kta.Functional.Files;

/// <summary>Finds the policies among the documents of a file.</summary>
internal sealed class PolicyReader
{
    internal const string ApiVersion = "research.dynatrace.com/v1alpha1";
    internal const string Kind = "KtaPolicy";

    private const string Group = "research.dynatrace.com/";

    private readonly YamlFile _file;
    private readonly List<(KtaPolicy Policy, int Line)> _policies = [];
    private readonly Dictionary<string, int> _names = [];
    private readonly List<string> _others = [];

    private PolicyReader(YamlFile file) => _file = file;

    /// <summary>The policies, and the lines of their names.</summary>
    /// <exception cref="FileProblemException">Something is wrong.</exception>
    internal static (PolicyFile File, IReadOnlyList<int> Lines) Read(string text, string name)
    {
        var (file, documents) = YamlFile.ParseAll(text, name);
        var reader = new PolicyReader(file);
        foreach (var document in documents.Where(document => !document.IsNull))
        {
            reader.Add(document, isInList: false);
        }

        if (file.IsFine && reader._policies.Count == 0)
        {
            file.Add("", 0, $"there is no {Kind} in it{(reader._others.Count == 0 ? "" : $", only {string.Join(", ", reader._others.Distinct().Take(5))}")}");
        }

        return file.IsFine
            ? (new([.. reader._policies.Select(one => one.Policy)], file.Notes), [.. reader._policies.Select(one => one.Line)])
            : throw new FileProblemException(file.Problems);
    }

    internal static FileProblem Twice(string file, int line, string fullName, string first) =>
        new(file, line, "metadata.name", $"there is a policy {fullName} already, at {first}");

    private void Add(YamlValue document, bool isInList)
    {
        if (document.Members($"an object of Kubernetes: apiVersion: {ApiVersion}, kind: {Kind}, metadata and spec") is not { } members)
        {
            return;
        }

        var all = new YamlObject(document, members);
        if (all.Required("kind", Kind) is not { } kindValue || kindValue.KubernetesText(Kind) is not { } kind)
        {
            return;
        }

        var isOurs = all["apiVersion"] is { IsText: true } version && version.Text("") is { } text && text.StartsWith(Group, StringComparison.Ordinal);
        switch (kind)
        {
            case Kind:
                AddPolicy(document);
                break;
            case "List" or "KtaPolicyList" when !isInList:
                foreach (var item in all["items"]?.Items("a list of objects") ?? [])
                {
                    Add(item, isInList: true);
                }

                break;
            case var _ when isOurs || kind.Equals(Kind, StringComparison.OrdinalIgnoreCase) || (all["apiVersion"] is null && SimilarName.Closest(kind, [Kind]) is not null):
                kindValue.Wrong<string>(Kind);
                break;
            default:
                _others.Add(kind);
                document.Note($"{kind}{(NameOf(all) is { } name ? $" {name}" : "")} is no policy and is left out");
                break;
        }
    }

    private static string? NameOf(YamlObject all) =>
        all["metadata"] is { IsObject: true } metadata && metadata.Members("")!.FirstOrDefault(member => member.Name == "name") is { Name: not null, Value.IsText: true } name
            ? name.Value.Text("")
            : null;

    private void AddPolicy(YamlValue document)
    {
        var all = document.Object("a policy", "apiVersion", "kind", "metadata", "spec", "status")!;
        if (all.Required("apiVersion", ApiVersion) is { } version && version.KubernetesText(ApiVersion) is { } text && text != ApiVersion)
        {
            version.Wrong<string>(ApiVersion);
        }

        var metadata = all.Required("metadata", "an object with the name of the policy") is { } given ? MetadataReader.Read(given) : null;
        if (metadata is { FullName: { } fullName } && !_names.TryAdd(fullName, metadata.Line))
        {
            _file.Add([Twice(_file.Name, metadata.Line, fullName, FormattableString.Invariant($"line {_names[fullName]}"))]);
        }

        var spec = all.Required("spec", "an object with behavior and scaleDriver")?.Object("an object with behavior and scaleDriver", "behavior", "scaleDriver");
        var behavior = spec is null ? null : BehaviorReader.Read(spec, metadata?.Ours);
        var scaled = spec?.Required("scaleDriver", "an object with a type and a topology") is { } driver ? ScaleDriverReader.Read(driver) : null;
        if (_file.IsFine && metadata is { Name: { } name } && behavior is not null && scaled is var (topology, target))
        {
            _policies.Add((
                behavior(new KtaPolicy
                {
                    Name = name,
                    Namespace = metadata.Namespace ?? "default",
                    Topology = topology,
                    Target = target,
                    Algorithm = metadata.Ours.Algorithm,
                    Settings = metadata.Ours.Settings,
                    Monitors = metadata.Ours.Monitors,
                }),
                metadata.Line));
        }
    }
}
