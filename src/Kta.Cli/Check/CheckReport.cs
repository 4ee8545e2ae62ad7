using System.Text.Json.Nodes;
using Kta.Functional;

namespace Kta.Cli;

/// <summary>What a check has found.</summary>
/// <param name="Served">The steps that are there.</param>
/// <param name="Findings">What was found, the worst first.</param>
/// <param name="Requests">How many requests were sent.</param>
/// <param name="Bytes">How much was sent.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="HasStopped">Whether something was left out to keep within the bounds.</param>
internal sealed record CheckReport(IReadOnlyList<Step> Served, IReadOnlyList<Finding> Findings, int Requests, long Bytes, TimeSpan Elapsed, bool HasStopped)
{
    internal bool HasErrors => Findings.Any(finding => finding.Severity == Severity.Error);

    internal IEnumerable<string> Lines()
    {
        foreach (var finding in Findings)
        {
            yield return $"{Name(finding.Severity)} {finding.Code}{(finding.Step is { } step ? $" in {step}" : "")}: {finding.What}";
            yield return $"  sent: {finding.Probe}{(finding.Count > 1 ? FormattableString.Invariant($", and {finding.Count - 1} more") : "")}";
            yield return $"  the operator: {finding.Operator}";
            yield return $"  to change: {finding.Change}";
        }

        yield return FormattableString.Invariant(
            $"{Counted(Severity.Error)}, {Counted(Severity.Warning)}; {string.Join(", ", Served.Select(Name))}{(Served.Count == 0 ? "no step" : "")} asked with {Requests} requests, {Bytes / 1_000_000.0:0.0} MB, in {Elapsed.TotalSeconds:0.0} s{(HasStopped ? "; some were left out, for a step that does not answer" : "")}");
    }

    internal JsonObject ToJson(Uri address) => new()
    {
        ["address"] = address.ToString(),
        ["steps"] = new JsonArray([.. Served.Select(step => (JsonNode)Name(step))]),
        ["errors"] = Count(Severity.Error),
        ["warnings"] = Count(Severity.Warning),
        ["requests"] = Requests,
        ["bytes"] = Bytes,
        ["seconds"] = Math.Round(Elapsed.TotalSeconds, 3),
        ["complete"] = !HasStopped,
        ["findings"] = new JsonArray([.. Findings.Select(finding => (JsonNode)new JsonObject
        {
            ["severity"] = Name(finding.Severity),
            ["code"] = finding.Code,
            ["step"] = finding.Step,
            ["sent"] = finding.Probe,
            ["found"] = finding.What,
            ["operator"] = finding.Operator,
            ["change"] = finding.Change,
            ["count"] = finding.Count,
        })]),
    };

    private int Count(Severity severity) => Findings.Count(finding => finding.Severity == severity);

    private string Counted(Severity severity) => Count(severity) switch
    {
        1 => $"1 {Name(severity)}",
        var count => FormattableString.Invariant($"{count} {Name(severity)}s"),
    };

    private static string Name(Severity severity) => severity.ToString().ToLowerInvariant();

    private static string Name(Step step) => step.ToString().ToLowerInvariant();
}
