using System.Text;
using System.Text.Json.Nodes;
using Kta.Functional;
using Kta.Functional.Simulation;

namespace Kta.Cli;

/// <summary>A job in simulated time, and what it has to remember. Time passes when somebody asks, one at a time.</summary>
internal sealed class FlinkCluster : IDisposable
{
    private const int LongestRefused = 10_000;
    private readonly Lock _gate = new();
    private readonly StateFile? _state;
    private readonly FlinkJob _job;
    private readonly TimeProvider _clock;
    private readonly double _speed;
    private readonly long _startedAt;
    private readonly long _began;
    private readonly long _from;
    private readonly List<FlinkEvent> _events = [];
    private readonly HashSet<(TopologyNode, int)> _seen = [];
    private long _reached;

    internal FlinkCluster(Application application, FlinkFaceOptions options)
    {
        if (application.Topology.FirstOrDefault(node => node is not FlinkStreamingGraphNode) is { } other)
        {
            throw new CommandFailedException($"{application.Name}: {other} is no vertex of a Flink job. All operators have to be.");
        }

        (_clock, _speed) = (options.Clock, options.Speed);
        var slots = options.Slots ?? new FlinkJob(application, null).Slots;
        var now = options.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        _state = options.StatePath is { } path ? StateFile.Open(path, new(application.Name, Fingerprint.Of(application), slots, now)) : null;
        _startedAt = _state?.Header.StartedAt ?? now;
        _job = new(application, _state?.Header.Slots ?? slots);
        try
        {
            foreach (var happened in _state?.Events ?? [])
            {
                Apply(happened);
            }
        }
        catch (FlinkRefusal refusal)
        {
            _state?.Dispose();
            throw new CommandFailedException(
                $"{options.StatePath} is damaged: {application.Name} cannot have taken a request that stands there ({refusal.Message}). Delete the file to begin anew.", refusal);
        }

        _from = _reached = _state?.Second ?? 0;
        _job.AdvanceTo(_from);
        _began = _clock.GetTimestamp();
        if (options.Slots is { } given && given != _job.Slots)
        {
            Happen(new SlotsChange(_job.Second, given));
        }
    }

    internal string JobId => _job.Id;

    internal int Slots => _job.Slots;

    internal long Second => _job.Second;

    /// <summary>Answers a question about the present.</summary>
    internal T Ask<T>(Func<FlinkJob, FlinkClock, T> question)
    {
        lock (_gate)
        {
            return question(_job, Now());
        }
    }

    /// <summary>Takes a request to change the requirements.</summary>
    /// <exception cref="FlinkRefusal">Flink would not take it; it is remembered all the same.</exception>
    internal void Require(ReadOnlyMemory<byte> body)
    {
        lock (_gate)
        {
            Now();
            var text = Encoding.UTF8.GetString(body.Span);
            try
            {
                _ = Requirements.Read(body, _job.MaxParallelism);
            }
            catch (FlinkRefusal refusal)
            {
                Happen(new RequirementsRequest(_job.Second, refusal.Reply.Status, text.Length > LongestRefused ? text[..LongestRefused] : text));
                throw;
            }

            Happen(new RequirementsRequest(_job.Second, 200, text));
        }
    }

    /// <summary>Task managers come or go.</summary>
    internal void ChangeSlots(int slots)
    {
        lock (_gate)
        {
            Now();
            Happen(new SlotsChange(_job.Second, slots));
        }
    }

    /// <summary>The requests to change the requirements, the oldest first.</summary>
    internal JsonArray Requests()
    {
        lock (_gate)
        {
            return new([.. _events.OfType<RequirementsRequest>().Select(request => new JsonObject
            {
                ["second"] = request.Second,
                ["time"] = _startedAt + (request.Second * 1000),
                ["status"] = request.Status,
                ["body"] = request.Json,
            })]);
        }
    }

    /// <summary>Whether nobody has asked this about the present tasks before.</summary>
    internal bool IsFirstLookAt(TopologyNode node) => _seen.Add((node, _job.Attempt));

    public void Dispose()
    {
        lock (_gate)
        {
            _state?.Dispose();
        }
    }

    private FlinkClock Now()
    {
        var milliseconds = (_from * 1000) + (long)(_clock.GetElapsedTime(_began).TotalMilliseconds * _speed);
        _job.AdvanceTo(milliseconds / 1000);
        if (_job.Second > _reached)
        {
            _reached = _job.Second;
            _state?.Reach(_reached);
        }

        return new(_startedAt, milliseconds);
    }

    private void Happen(FlinkEvent happened)
    {
        _state?.Add(happened);
        Apply(happened);
    }

    private void Apply(FlinkEvent happened)
    {
        _job.AdvanceTo(happened.Second);
        _events.Add(happened);
        switch (happened)
        {
            case SlotsChange change:
                _job.ChangeSlots(change.Slots);
                break;
            case RequirementsRequest { Status: 200 } request:
                _job.Require(Requirements.Read(Encoding.UTF8.GetBytes(request.Body), _job.MaxParallelism));
                break;
        }
    }
}
