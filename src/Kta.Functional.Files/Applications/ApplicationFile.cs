using Kta.Functional.Simulation;

namespace Kta.Functional.Files;

/// <summary>A streaming application that stands in a file, in YAML or JSON.</summary>
/// <param name="Application">The description, checked.</param>
/// <param name="Notes">What one should know about files it names: what of a recording was left out, for example.</param>
/// <example><code>var orders = ApplicationFile.Read("orders.yaml").Application;</code></example>
public sealed record ApplicationFile(Application Application, IReadOnlyList<string> Notes)
{
    /// <summary>Reads a file, and those it names for its traces, beside it.</summary>
    /// <param name="path">The path of the file.</param>
    /// <exception cref="FileProblemException">Something is wrong with it; names every problem with line and member.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ApplicationFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(File.ReadAllText(path), path, Path.GetDirectoryName(Path.GetFullPath(path)));
    }

    /// <summary>Reads text.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="file">What problems shall call it.</param>
    /// <param name="folder">Where the files of its traces are; null: the current folder.</param>
    /// <exception cref="FileProblemException">Something is wrong with it; names every problem with line and member.</exception>
    public static ApplicationFile Parse(string text, string file, string? folder = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(file);
        return ApplicationReader.Read(text, file, folder ?? ".");
    }
}
