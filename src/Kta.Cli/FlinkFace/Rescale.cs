using Kta.Functional;

namespace Kta.Cli;

/// <summary>Why Flink began to rescale.</summary>
internal enum RescaleCause
{
    InitialSchedule,
    UpdateRequirement,
    NewResourceAvailable,
    RecoverableFailover,
}

/// <summary>How it ended.</summary>
internal enum RescaleEnd
{
    Succeeded,
    ResourceRequirementsUpdated,
    NoResourcesOrParallelismsChange,
    JobFailoverRestarting,
}

/// <summary>One entry of the rescale history. Times are seconds since the start of the simulation.</summary>
/// <param name="Id">32 hexadecimal digits.</param>
/// <param name="RequirementsId">Of the requirements it serves.</param>
/// <param name="Attempt">Which attempt with these requirements, from 1.</param>
internal sealed record Rescale(string Id, string RequirementsId, int Attempt)
{
    internal required RescaleCause Cause { get; init; }

    internal required Requirements Required { get; init; }

    internal required long Start { get; init; }

    /// <summary>What the vertices got by the last one that succeeded; null at the beginning.</summary>
    internal IReadOnlyDictionary<TopologyNode, int>? Before { get; init; }

    /// <summary>What they got.</summary>
    internal IReadOnlyDictionary<TopologyNode, int>? After { get; init; }

    /// <summary>When the job was stopped for it.</summary>
    internal long? DownSince { get; init; }

    internal long? EndAt { get; init; }

    internal RescaleEnd? Ended { get; init; }
}

/// <summary>What Flink 2.3 remembers of its rescales; the oldest first, as it lists them.</summary>
/// <param name="job">The id of the job, from which all other ids come.</param>
internal sealed class RescaleHistory(string job)
{
    /// <summary>What <c>web.adaptive-scheduler.rescale-history.size</c> is said to be.</summary>
    internal const int Longest = 100;

    private readonly List<Rescale> _all = [];
    private int _begun;
    private string _requirementsId = FlinkId.Of($"{job} requirements 0");

    internal IReadOnlyList<Rescale> Kept => [.. _all.TakeLast(Longest)];

    /// <summary>All that have ended since the start, those that are not kept any more included.</summary>
    internal IReadOnlyList<Rescale> Ended => [.. _all.Where(one => one.Ended is not null)];

    /// <summary>The one under way.</summary>
    internal Rescale? Current => _all is [.., { Ended: null } last] ? last : null;

    internal void Begin(RescaleCause cause, Requirements required, long second)
    {
        if (Current is not null)
        {
            End(cause == RescaleCause.RecoverableFailover ? RescaleEnd.JobFailoverRestarting : RescaleEnd.ResourceRequirementsUpdated, null, second);
        }

        _begun++;
        var isNew = cause is RescaleCause.InitialSchedule or RescaleCause.UpdateRequirement;
        _requirementsId = isNew ? FlinkId.Of($"{job} requirements {_begun}") : _requirementsId;
        var attempt = isNew ? 1 : _all[^1].Attempt + 1;
        var before = _all.LastOrDefault(one => one.Ended == RescaleEnd.Succeeded)?.After;
        _all.Add(new(FlinkId.Of($"{job} rescale {_begun}"), _requirementsId, attempt) { Cause = cause, Required = required, Before = before, Start = second });
    }

    internal void Stopped(long second) => Change(current => current with { DownSince = current.DownSince ?? second });

    internal void End(RescaleEnd how, IReadOnlyDictionary<TopologyNode, int>? after, long second) =>
        Change(current => current with { Ended = how, EndAt = second, After = after });

    private void Change(Func<Rescale, Rescale> change)
    {
        if (Current is { } current)
        {
            _all[^1] = change(current);
        }
    }
}
