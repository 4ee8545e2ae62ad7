using System.Text;
using Kta.Functional.Simulation;

namespace Kta.Functional.Files;

/// <summary>The policies of a file, <c>KtaPolicy</c> manifests as the operator's users write them.</summary>
/// <param name="Policies">At least one, in the order of the file.</param>
/// <param name="Notes">What is not wrong but worth knowing, with file and line: what is no policy and was left out, what the operator would refuse.</param>
/// <remarks>Equal to another one by content.</remarks>
/// <example><code>foreach (var policy in PolicyFile.Read("orders.yaml").Policies) { … }</code></example>
public sealed record PolicyFile(IReadOnlyList<KtaPolicy> Policies, IReadOnlyList<string> Notes)
{
    private const int Longest = 8 << 20;

    /// <summary>At least one, in the order of the file.</summary>
    public IReadOnlyList<KtaPolicy> Policies { get; init => field = new ValueList<KtaPolicy>(value); } = new ValueList<KtaPolicy>(Policies);

    /// <summary>What is not wrong but worth knowing, with file and line.</summary>
    public IReadOnlyList<string> Notes { get; init => field = new ValueList<string>(value); } = new ValueList<string>(Notes);

    /// <summary>Reads a file. Objects of other kinds in it are left out, with a note.</summary>
    /// <param name="path">The path of the file, of at most 8 MB.</param>
    /// <exception cref="FileProblemException">Something is wrong with it; names every problem with line and member.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static PolicyFile Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return PolicyReader.Read(TextOf(path), path).File;
    }

    /// <summary>Reads several files, of which no two may have a policy of the same namespace and name.</summary>
    /// <param name="paths">The paths, in the order of the answer.</param>
    /// <exception cref="FileProblemException">Something is wrong with them; names every problem of every file.</exception>
    /// <exception cref="IOException">A file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static IReadOnlyList<PolicyFile> ReadAll(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var (files, problems, places) = (new List<PolicyFile>(), new List<FileProblem>(), new Dictionary<string, string>());
        foreach (var path in paths)
        {
            try
            {
                var (file, lines) = PolicyReader.Read(TextOf(path), path);
                files.Add(file);
                problems.AddRange(file.Policies.Zip(lines)
                    .Where(one => !places.TryAdd(one.First.FullName, FormattableString.Invariant($"{path}:{one.Second}")))
                    .Select(one => PolicyReader.Twice(path, one.Second, one.First.FullName, places[one.First.FullName])));
            }
            catch (FileProblemException wrong)
            {
                problems.AddRange(wrong.Problems);
            }
        }

        return problems.Count == 0 ? files : throw new FileProblemException(problems);
    }

    /// <summary>Reads text.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="file">What problems and notes shall call it.</param>
    /// <exception cref="FileProblemException">Something is wrong with it; names every problem with line and member.</exception>
    public static PolicyFile Parse(string text, string file)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrEmpty(file);
        return text.Length <= Longest ? PolicyReader.Read(text, file).File : throw TooLong(file);
    }

    /// <summary>A policy as a file. What it says is read again as the same.</summary>
    /// <param name="policy">The policy.</param>
    /// <exception cref="ArgumentException">It breaks a rule of policies, so that it could not be read again; the message says which.</exception>
    public static string ToYaml(KtaPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var text = PolicyWriter.Write(policy);
        try
        {
            return Parse(text, policy.Name.Length > 0 ? policy.Name : "policy").Policies is [var read] && read == policy
                ? text
                : throw new ArgumentException("The policy holds something that its file has no place for, such as fractions of a second.", nameof(policy));
        }
        catch (FileProblemException wrong)
        {
            throw new ArgumentException($"The policy breaks a rule: {wrong.Message}", nameof(policy), wrong);
        }
    }

    private static string TextOf(string path)
    {
        // A stream may be longer than it says, and has no end at all if it is a device.
        using var file = File.OpenRead(path);
        var bytes = new byte[Longest + 1];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > Longest)
        {
            throw TooLong(path);
        }

        try
        {
            using var reader = new StreamReader(new MemoryStream(bytes, 0, length), new UTF8Encoding(false, throwOnInvalidBytes: true));
            return reader.ReadToEnd();
        }
        catch (DecoderFallbackException)
        {
            throw new FileProblemException([new(path, 0, null, "this is no text in UTF-8")]);
        }
    }

    private static FileProblemException TooLong(string file) => new([new(file, 0, null, "a file of policies has at most 8 MB")]);
}
