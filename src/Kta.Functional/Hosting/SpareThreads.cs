namespace Kta.Functional.Hosting;

/// <summary>Threads beside the pool: made when one is needed, kept for a while for the next in need.</summary>
internal sealed class SpareThreads
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly List<SpareThread> _idle = [];

    internal void Run(Action work)
    {
        SpareThread? thread = null;
        lock (_gate)
        {
            if (_idle.Count > 0)
            {
                thread = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
            }
        }

        if (thread is null)
        {
            new SpareThread(this, work).Start();
        }
        else
        {
            thread.Begin(work);
        }
    }

    private void Return(SpareThread thread)
    {
        lock (_gate)
        {
            _idle.Add(thread);
        }
    }

    /// <summary>False: somebody has taken the thread at the last moment, and its work is on the way.</summary>
    private bool TryRetire(SpareThread thread)
    {
        lock (_gate)
        {
            return _idle.Remove(thread);
        }
    }

    private sealed class SpareThread(SpareThreads owner, Action first)
    {
        private readonly object _signal = new();
        private Action? _work = first;

        internal void Start() => new Thread(Loop) { IsBackground = true, Name = "KTA step" }.UnsafeStart();

        internal void Begin(Action work)
        {
            lock (_signal)
            {
                _work = work;
                Monitor.Pulse(_signal);
            }
        }

        private void Loop()
        {
            while (Next() is { } work)
            {
                work();
                owner.Return(this);
            }
        }

        private Action? Next()
        {
            lock (_signal)
            {
                while (_work is null)
                {
                    if (!Monitor.Wait(_signal, Patience) && owner.TryRetire(this))
                    {
                        return null;
                    }
                }

                var work = _work;
                _work = null;
                return work;
            }
        }
    }
}
