using System.Collections.Concurrent;

namespace Kta.Cli;

/// <summary>Remarks of monitors: each once, and again only when it has not been made for a while.</summary>
internal sealed class Notes(Action<string> tell, TimeProvider clock)
{
    private const int MostRemembered = 1_000;

    private static readonly TimeSpan s_while = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _told = new();

    internal void Tell(string sentence)
    {
        var now = clock.GetUtcNow();
        var isNew = !_told.TryGetValue(sentence, out var last) || now - last > s_while;
        if (_told.Count >= MostRemembered)
        {
            _told.Clear();
        }

        _told[sentence] = now;
        if (isNew)
        {
            lock (_told)
            {
                tell(sentence);
            }
        }
    }
}
