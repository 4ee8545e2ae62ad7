using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Kta.Functional.Hosting;

/// <summary>
/// The calls of steps that are under way. One clock looks after all of them: a timer and a registration for each call would
/// cost more than most steps do.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The clock stands still when there is no call, and then it is collected with its owner.")]
internal sealed class PendingCalls
{
    private readonly Lock _gate = new();
    private readonly List<WatchedCall> _calls = [];
    private readonly BriefCalls _brief = new();
    private readonly TimeSpan _tick;
    private readonly long _limit;
    private readonly Timer _clock;
    private volatile bool _isTicking;

    internal PendingCalls(TimeSpan limit)
    {
        Limit = limit;
        _limit = (long)(limit.TotalSeconds * Stopwatch.Frequency);
        _tick = limit == Timeout.InfiniteTimeSpan
            ? TimeSpan.FromMilliseconds(100)
            : TimeSpan.FromMilliseconds(Math.Clamp(limit.TotalMilliseconds / 50, 5, 100));
        _clock = new Timer(static self => ((PendingCalls)self!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The time a call has.</summary>
    internal TimeSpan Limit { get; }

    /// <summary>Completes when the call has ended, its time is up, or nobody waits for it; the call tells which.</summary>
    internal Task EndOf(Task call, CancellationToken callerGone)
    {
        if (call.IsCompleted)
        {
            return Task.CompletedTask;
        }

        var pending = new AwaitedCall(this, callerGone) { Limit = LimitFrom(Stopwatch.GetTimestamp()) };
        Watch(pending);
        call.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(pending.End);
        return pending.Task;
    }

    /// <summary>Ends the call when its time is up or nobody waits for it, unless it is left alone before, as most are at once.</summary>
    internal void WatchBriefly(WatchedCall call, long started)
    {
        call.Limit = LimitFrom(started);
        if (_brief.TryAdd(call))
        {
            StartClock();
        }
        else
        {
            Watch(call);
        }
    }

    internal void Leave(WatchedCall call)
    {
        if (_brief.TryRemove(call))
        {
            return;
        }

        lock (_gate)
        {
            if (call.Place >= 0)
            {
                var last = _calls[^1];
                _calls[call.Place] = last;
                last.Place = call.Place;
                _calls.RemoveAt(_calls.Count - 1);
                call.Place = -1;
            }
        }
    }

    private void Watch(WatchedCall call)
    {
        lock (_gate)
        {
            call.Place = _calls.Count;
            _calls.Add(call);
        }

        StartClock();
    }

    private long LimitFrom(long started) =>
        Debugger.IsAttached || Limit == Timeout.InfiniteTimeSpan ? long.MaxValue : started + _limit;

    /// <summary>Behind a fence: either the clock is seen to stand still, or the clock sees the call before it does.</summary>
    private void StartClock()
    {
        Interlocked.MemoryBarrier();
        if (_isTicking)
        {
            return;
        }

        lock (_gate)
        {
            if (!_isTicking)
            {
                _isTicking = true;
                _clock.Change(_tick, _tick);
            }
        }
    }

    private void Tick()
    {
        List<WatchedCall>? over = null;
        var now = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            foreach (var call in _calls)
            {
                if (call.IsOver(now))
                {
                    (over ??= []).Add(call);
                }
            }

            _brief.AddOver(now, ref over);
            StopClockIfIdle();
        }

        foreach (var call in over ?? [])
        {
            // Beside the clock, which has others to look after.
            ThreadPool.UnsafeQueueUserWorkItem(static ended => ended.End(), call, preferLocal: false);
        }
    }

    private void StopClockIfIdle()
    {
        if (_calls.Count > 0 || !_brief.IsEmpty)
        {
            return;
        }

        _isTicking = false;
        Interlocked.MemoryBarrier();
        if (_brief.IsEmpty)
        {
            _clock.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _isTicking = true;
        }
    }

    private sealed class AwaitedCall(PendingCalls owner, CancellationToken callerGone) : WatchedCall(callerGone)
    {
        private readonly TaskCompletionSource _end = new();

        internal Task Task => _end.Task;

        internal override void End()
        {
            owner.Leave(this);
            _end.TrySetResult();
        }
    }
}
