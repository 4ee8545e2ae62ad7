using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kta.Functional.Files;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>Tells whether two descriptions of an application behave the same. Comments and the order of members do not count.</summary>
internal static class Fingerprint
{
    private const int Looks = 2_000;

    internal static string Of(Application application)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // Traces are code, and cannot be written: what they give is.
        Add(hash, ApplicationFile.ToYaml(application, "-"));
        var step = application.RunTime / Looks;
        foreach (var (node, trace) in application.Sources.OrderBy(pair => pair.Key))
        {
            Add(hash, node.Key);
            for (var look = 0; look < Looks; look++)
            {
                Add(hash, trace.RateAt(step * look).ToString("R", CultureInfo.InvariantCulture));
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, string text) => hash.AppendData(Encoding.UTF8.GetBytes(text + "\n"));
}
