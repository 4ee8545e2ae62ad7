using Kta.Functional;
using Kta.Functional.Files;
using Kta.Functional.Monitoring;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Makes the options of a Prometheus monitor of a file: <c>--monitor prometheus:FILE</c>.</summary>
internal sealed class PrometheusFile
{
    private const string Expected = "an object with server and queries";

    private readonly YamlFile _file;

    private PrometheusFile(YamlFile file) => _file = file;

    /// <exception cref="FileProblemException">Something is wrong with it; names every problem with line and member.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    internal static PrometheusMonitorOptions Read(string path) =>
        Parse(File.ReadAllText(path), path, Path.GetDirectoryName(Path.GetFullPath(path))!);

    /// <param name="text">YAML or JSON.</param>
    /// <param name="name">What problems call the file.</param>
    /// <param name="folder">Where files are that it names.</param>
    /// <exception cref="FileProblemException">Something is wrong with it.</exception>
    internal static PrometheusMonitorOptions Parse(string text, string name, string folder)
    {
        var (file, root) = YamlFile.Parse(text, name);
        return new PrometheusFile(file).OptionsOf(root, folder) ?? throw new FileProblemException(file.Problems);
    }

    private PrometheusMonitorOptions? OptionsOf(YamlValue root, string folder)
    {
        if (root.Object(Expected, "server", "queries", "names", "source", "staleAfter") is not { } all)
        {
            return null;
        }

        var server = all.Required("server", "the address of Prometheus") is { } where ? ServerFile.Read(where, folder) : null;
        var queries = all.Required("queries", "a list of sets and queries")?.Items("a list of sets and queries")?.SelectMany(QueriesOf).ToList();
        var names = NamesOf(all["names"]);
        var source = all["source"]?.Text("a name");
        var staleAfter = all["staleAfter"]?.Time("a time of at least 0", time => time >= TimeSpan.Zero);
        if (queries is [] && _file.IsFine)
        {
            all["queries"]!.Value.Add("there are no queries");
        }

        return server is not null && queries is not null && _file.IsFine
            ? new PrometheusMonitorOptions(server, queries) { Names = names, Source = source ?? "prometheus", StaleAfter = staleAfter }
            : null;
    }

    private static IEnumerable<PrometheusQuery> QueriesOf(YamlValue value)
    {
        if (value.Members("a set or a query: an object with set, or with quantity and expression") is not { } members)
        {
            return [];
        }

        return members.Any(member => member.Name == "set") ? PrometheusSetFile.Read(value, members) : PrometheusQueryFile.Read(value) is { } query ? [query] : [];
    }

    /// <summary>What nodes are called in Prometheus.</summary>
    internal static Dictionary<TopologyNode, string> NamesOf(YamlValue? value)
    {
        var names = new Dictionary<TopologyNode, string>();
        foreach (var (id, name) in value?.Members("an object with what nodes are called in Prometheus") ?? [])
        {
            if (NodeText.Of(id, name) is { } node && name.Text("what the node is called in Prometheus") is { } text)
            {
                names[node] = text;
            }
        }

        return names;
    }
}
