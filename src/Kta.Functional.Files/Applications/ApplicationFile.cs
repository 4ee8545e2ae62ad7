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

    /// <summary>Writes an application whose sources read a recording, as <see cref="ToYaml"/> has it.</summary>
    /// <param name="application">The description.</param>
    /// <param name="path">The path of the file; one that is there is replaced.</param>
    /// <param name="recording">The path of the recording; the file names it as it is found from there.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(Application application, string path, string recording)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(recording);
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        File.WriteAllText(path, ToYaml(application, Path.GetRelativePath(folder, Path.GetFullPath(recording)).Replace('\\', '/')));
    }

    /// <summary>An application as a file. What it says is read again as the same.</summary>
    /// <param name="application">The description. Its traces are code and cannot be written: each source reads the node of its name.</param>
    /// <param name="recording">The recording that the sources read, as it is found from the folder of the file.</param>
    public static string ToYaml(Application application, string recording)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentException.ThrowIfNullOrEmpty(recording);
        return ApplicationWriter.Write(application, recording);
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
