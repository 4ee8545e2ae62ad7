using System.Globalization;
using System.Text;
using Kta.Functional;
using Kta.Functional.Files;
using Kta.Functional.Monitoring.Flink;

namespace Kta.Cli;

/// <summary>An application file of a running job: its graph, what it measures now, and, marked as such, what can only be guessed.</summary>
internal sealed class SurveyedApplication(FlinkSurvey job)
{
    /// <summary>Of less work than this no rate can be told.</summary>
    private const double LeastBusy = 0.02;

    private const double GuessedRate = 1_000;

    private static readonly NodeMeasurements s_nothing = new();

    private readonly List<string> _guessed = [];

    /// <summary>What is a guess, for whoever asks for the file.</summary>
    internal IReadOnlyList<string> Guessed => _guessed;

    internal string Write(int mostInstances)
    {
        _guessed.Clear();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Job {OneLine(job.Name)} ({job.Id}) as it ran when this file was made.\n");
        text.Append(CultureInfo.InvariantCulture, $"name: {YamlText.Of(job.Name)}\n");
        text.Append("operators:   # records per second that one instance can take in, and records given out for one taken in\n");
        foreach (var vertex in job.Vertices)
        {
            text.Append(CultureInfo.InvariantCulture, $"  # {OneLine(vertex.Name)}\n{Operator(vertex)}");
        }

        text.Append(CultureInfo.InvariantCulture, $"edges: [{string.Join(", ", job.Edges.Select(edge => $"[{YamlText.Of(edge.From)}, {YamlText.Of(edge.To)}]"))}]\n");
        var instances = job.Vertices.Select(vertex => $"{YamlText.Of(vertex.Id)}: {InstancesOf(vertex)}");
        text.Append(CultureInfo.InvariantCulture, $"parallelism: {{ {string.Join(", ", instances)} }}   # as it runs now\n");
        text.Append("sources:   # what arrives, for ever the same: make a trace of it, or of a recording with kta fit\n");
        foreach (var vertex in job.Vertices.Where(vertex => vertex.IsSource))
        {
            var (rate, how) = LoadOf(vertex);
            text.Append(CultureInfo.InvariantCulture, $"  {YamlText.Of(vertex.Id)}: {Number(rate)}   # {how}\n");
        }

        _guessed.AddRange(["downtime", "warmUp", "objective", "limits"]);
        text.Append("downtime: 30s              # a guess: how long the job stands still when it is rescaled\n");
        text.Append("warmUp: 60s                # a guess: how long nothing is measured after that\n");
        text.Append("interval: 60s              # as in the policy\n");
        text.Append("objective: { lag: 10s }    # a guess: what is too late\n");
        text.Append(CultureInfo.InvariantCulture, $"limits: {{ min: 1, max: {mostInstances} }}    # a guess, as in the policy\n");
        text.Append("hours: 1\n");
        return text.ToString();
    }

    private string Operator(FlinkVertex vertex)
    {
        var (rate, how) = RateOf(vertex);
        var selectivity = SelectivityOf(vertex);
        var partitions = Of(vertex).Partitions.Value;
        var members = new List<string> { $"id: {YamlText.Of(vertex.Id)}", $"ratePerInstance: {Number(rate)}" };
        if (selectivity is { } some)
        {
            members.Add($"selectivity: {Number(some)}");
        }

        if (vertex.MaxParallelism is >= 1 and < int.MaxValue and var groups && job.Edges.Any(edge => edge.To == vertex.Id && edge.IsKeyed))
        {
            members.Add($"maxParallelism: {(int)groups}");
        }

        if (partitions is >= 1 and < int.MaxValue)
        {
            members.Add($"partitions: {(int)partitions}");
        }

        var unknown = selectivity is null && job.Edges.Any(edge => edge.From == vertex.Id) ? "; what it gives out for one it takes in is a guess, 1" : "";
        if (unknown.Length > 0)
        {
            _guessed.Add($"selectivity of {vertex.Id}");
        }

        return $"  - {{ {string.Join(", ", members)} }}   # {how}{unknown}\n";
    }

    private (double Rate, string How) RateOf(FlinkVertex vertex)
    {
        var numbers = Of(vertex);
        var instances = InstancesOf(vertex);
        switch ((numbers.RecordsIn.Value, numbers.Busy.Value))
        {
            case ( > 0 and var records, >= LeastBusy and var busy):
                return (Rounded(records / busy / instances), FormattableString.Invariant($"measured: {records:0.#}/s at {100 * busy:0} % busy in {instances}"));
            case ( > 0 and var records, _):
                _guessed.Add($"ratePerInstance of {vertex.Id}");
                return (Rounded(2 * records / instances), FormattableString.Invariant($"a guess, twice the {records:0.#}/s of now: how busy it is is not known, or too little to tell"));
            default:
                _guessed.Add($"ratePerInstance of {vertex.Id}");
                return (GuessedRate, "a guess: nothing is measured now");
        }
    }

    /// <summary>By what arrives downstream where that comes from here alone, for a record may be counted once for each output; null if it is not known.</summary>
    private double? SelectivityOf(FlinkVertex vertex)
    {
        if (Of(vertex).RecordsIn.Value is not (> 0 and var taken))
        {
            return null;
        }

        var fed = job.Edges.Where(edge => edge.From == vertex.Id).Select(edge => edge.To).ToList();
        var alone = job.Vertices.Where(other => fed.Contains(other.Id) && job.Edges.Count(edge => edge.To == other.Id) == 1)
            .Select(other => Of(other).RecordsIn.Value).OfType<double>().ToList();
        var given = alone.Count > 0 ? alone.Average() : fed.Count > 0 ? Of(vertex).RecordsOut.Value : null;
        return given is { } some ? Rounded(some / taken) : null;
    }

    private (double Rate, string How) LoadOf(FlinkVertex vertex)
    {
        var numbers = Of(vertex);
        if (numbers.RecordsIn.Value is not { } taken)
        {
            _guessed.Add($"what arrives at {vertex.Id}");
            return (GuessedRate / 2, "a guess: nothing is measured now");
        }

        return (Rounded(taken), numbers.Lag.Value switch
        {
            { } lag => FormattableString.Invariant($"measured: what it takes in, with {lag:0} records waiting; if those grow, more arrives"),
            null => "measured: what it takes in; how many records wait is not known",
        });
    }

    private static int InstancesOf(FlinkVertex vertex) => vertex.Parallelism is >= 1 and < int.MaxValue and var count ? (int)count : 1;

    private NodeMeasurements Of(FlinkVertex vertex) => job.Measured[TopologyNode.Flink(vertex.Id)] ?? s_nothing;

    /// <summary>Four digits are more than such a measurement knows.</summary>
    private static double Rounded(double number) => double.Parse(number.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static string Number(double number) => number.ToString("0.###############", CultureInfo.InvariantCulture);

    private static string OneLine(string text) => new([.. text.Where(letter => !char.IsControl(letter) && letter is not ('\u2028' or '\u2029')).Take(100)]);
}
