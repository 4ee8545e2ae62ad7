using Kta.Functional.Monitoring.Servers;

namespace Kta.Functional.Monitoring.Flink;

/// <summary>A job as Flink describes it: its state, its vertices, and who feeds whom.</summary>
internal sealed class FlinkJob
{
    /// <summary>Flink's meters divide what they counted by a whole minute, however short they have been counting.</summary>
    private static readonly TimeSpan s_meter = TimeSpan.FromMinutes(1);

    /// <summary>Two rounds in which the job manager asks for metrics: until then those of before a restart may still be there.</summary>
    private static readonly TimeSpan s_settling = TimeSpan.FromSeconds(20);

    private static readonly string[] s_states = ["CREATED", "RUNNING", "RESTARTING"];

    private static readonly string[] s_starting = ["INITIALIZING", "CREATED", "RESTARTING", "RECONCILING"];

    private FlinkJob(string name, string state, IReadOnlyDictionary<string, FlinkVertex> vertices, IReadOnlyList<FlinkEdge>? edges) =>
        (Name, State, Vertices, Edges) = (name, state, vertices, edges);

    internal string Name { get; }

    internal string State { get; }

    internal IReadOnlyDictionary<string, FlinkVertex> Vertices { get; }

    /// <summary>Who feeds whom; null of a job that has no plan yet.</summary>
    internal IReadOnlyList<FlinkEdge>? Edges { get; }

    /// <summary>The job manager's clock; null if it does not say.</summary>
    internal DateTimeOffset? Now { get; private init; }

    /// <summary>How long it has been running since it was started or restarted last; null if Flink does not say, or its clock went back.</summary>
    internal TimeSpan? RunsFor { get; private init; }

    /// <summary>When it came into each state last, by the job manager's clock.</summary>
    internal IReadOnlyDictionary<string, DateTimeOffset> Since { get; private init; } = new Dictionary<string, DateTimeOffset>();

    /// <summary>Which of Flink's schedulers it has; null if Flink does not say, as before 2.2.</summary>
    internal string? Scheduler { get; private init; }

    /// <summary>Whether it does not run yet, or not again.</summary>
    internal bool IsStarting => s_starting.Contains(State);

    internal bool IsRunning => State == "RUNNING";

    /// <summary>Whether it will never run again.</summary>
    internal bool HasEnded => FlinkJobs.Ended.Contains(State);

    /// <summary>Whether the rates Flink shows are of whole minutes.</summary>
    internal bool HasWholeRates => !(RunsFor < s_meter);

    /// <summary>Whether Flink shows numbers of a vertex that are of its present tasks.</summary>
    internal bool HasNumbersOf(FlinkVertex vertex) => IsRunning && vertex.IsRunning && !(RunsFor < s_settling);

    /// <summary>What to do about a node that is none of its vertices.</summary>
    internal string NameOthers =>
        $"Name vertices of the job in the policy's topology; it has: {string.Join(", ", Vertices.Values.Take(50).Select(vertex => $"{vertex.Id} ({SafeExcerpt.Of(vertex.Name)})"))}.";

    /// <summary>For messages.</summary>
    public override string ToString() => SafeExcerpt.Of(Name);

    internal static FlinkJob Read(ReplyNode job)
    {
        var state = job["state"].Text();
        var nodes = job["plan"] is { IsThere: true } plan ? plan["nodes"] : job["plan"];
        var inputs = Named(nodes).ToDictionary(node => node.Key, node => node.Value["inputs"] is { IsThere: true } some ? some.Items().ToList() : []);
        if (inputs.Count == 0 && state == "RUNNING")
        {
            throw nodes.Refused("the vertices of the plan");
        }

        var vertices = Named(job["vertices"]).ToDictionary(
            vertex => vertex.Key, vertex => FlinkVertex.Read(vertex.Key, vertex.Value, isSource: inputs.TryGetValue(vertex.Key, out var some) && some.Count == 0));
        var now = Moment(job["now"]);
        var since = SinceOf(job["timestamps"]);
        TimeSpan? runsFor = since.TryGetValue("RUNNING", out var running) ? now - running : null;
        return new(job["name"].Text(), state, vertices, inputs.Count == 0 ? null : [.. EdgesOf(inputs)])
        {
            Now = now,
            Since = since,
            Scheduler = job["schedulerType"] is { IsThere: true } scheduler ? scheduler.Text() : null,
            RunsFor = runsFor >= TimeSpan.Zero ? runsFor : null,
        };
    }

    private static Dictionary<string, DateTimeOffset> SinceOf(ReplyNode times) => (times.IsThere ? s_states : [])
        .Select(state => (State: state, At: Moment(times[state])))
        .Where(one => one.At is not null)
        .ToDictionary(one => one.State, one => one.At!.Value);

    /// <summary>Those of a list by their ids. A job that is being made has none yet.</summary>
    private static List<KeyValuePair<string, ReplyNode>> Named(ReplyNode list) =>
        [.. (list.IsThere ? list.Items() : []).Select(one => KeyValuePair.Create(one["id"].Text(), one)).DistinctBy(one => one.Key)];

    /// <summary>Milliseconds since 1970; 0 and less is what Flink says where there is none.</summary>
    private static DateTimeOffset? Moment(ReplyNode time) =>
        time.IsThere && time.Number() is > 0 and < 253_402_300_799_999 and var milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : null;

    /// <summary>Two vertices may be connected more than once, by a union or two tables; they are keyed if one connection is.</summary>
    private static IEnumerable<FlinkEdge> EdgesOf(Dictionary<string, List<ReplyNode>> inputs) =>
        from node in inputs
        from input in node.Value.GroupBy(input => input["id"].Text())
        select new FlinkEdge(input.Key, node.Key, input.Any(one => one["ship_strategy"] is { IsThere: true } strategy && strategy.Text() == "HASH"));
}

/// <summary>One vertex feeds another.</summary>
internal sealed record FlinkEdge(string From, string To, bool IsKeyed);

/// <summary>A vertex of a job, without its metrics.</summary>
/// <param name="Id">Its id, the same in every run of an unchanged job.</param>
/// <param name="Name">The names of its operators.</param>
/// <param name="Parallelism">Its instances; null if Flink names none that can be right.</param>
/// <param name="MaxParallelism">Its key groups; null if Flink does not say.</param>
/// <param name="IsSource">Whether nothing feeds it.</param>
/// <param name="HasAllIn">Whether what it took in is known of all instances.</param>
/// <param name="HasAllOut">Whether what it gave out is known of all instances.</param>
internal sealed record FlinkVertex(string Id, string Name, double? Parallelism, double? MaxParallelism, bool IsSource, bool HasAllIn, bool HasAllOut)
{
    /// <summary>The state of its tasks together; RUNNING if Flink does not say.</summary>
    internal required string Status { get; init; }

    internal bool IsRunning => Status == "RUNNING";

    /// <summary>For messages.</summary>
    public override string ToString() => Name.Length == 0 ? Id : $"{SafeExcerpt.Of(Name)} ({Id})";

    internal static FlinkVertex Read(string id, ReplyNode vertex, bool isSource)
    {
        var metrics = vertex["metrics"];
        return new(
            id,
            vertex["name"] is { IsThere: true } name ? name.Text() : "",
            vertex["parallelism"] is { IsThere: true } parallelism ? parallelism.Number() : null,
            vertex["maxParallelism"] is { IsThere: true } most ? most.Number() : null,
            isSource,
            !metrics.IsThere || IsComplete(metrics["read-records-complete"]),
            !metrics.IsThere || IsComplete(metrics["write-records-complete"]))
        {
            Status = vertex["status"] is { IsThere: true } status ? status.Text() : "RUNNING",
        };
    }

    private static bool IsComplete(ReplyNode flag) => !flag.IsThere || flag.Flag();
}
