using Kta.Functional.Simulation;
using Microsoft.Data.Sqlite;

namespace Kta.Functional.Operator;

/// <summary>
/// The Knowledge of the loop in one SQLite file: the finished iterations of each policy, why they decided so, what scaling came to, and
/// what happened between them.
/// </summary>
/// <remarks>
/// What a call stores is on the disk when it returns: a process that is killed loses at most what it was storing. Of each kind at
/// most <see cref="KnowledgeStoreOptions.EntriesPerPolicy"/> entries are kept for each policy. Other processes may read while one writes, see
/// <see cref="OpenForReading"/>. Beside the file there are two more while it is open, <c>-wal</c> and <c>-shm</c>: they belong to it. Times of failures and
/// settings are kept to the millisecond. Safe for several threads.
/// </remarks>
public sealed partial class KnowledgeStore : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _file;
    private readonly SqliteConnection _database;
    private readonly int _mostEntries;
    private readonly List<string> _notes = [];
    private readonly StoredEntry _entries = new();

    private KnowledgeStore(string file, SqliteConnection database, int mostEntries) => (_file, _database, _mostEntries) = (file, database, mostEntries);

    /// <summary>Opens a store to write and read it, and makes it if there is none.</summary>
    /// <param name="file">Its path. The folder has to be there, on a disk of this machine: file systems of a network lack the locks it needs.</param>
    /// <param name="options">The limits; null for the defaults.</param>
    /// <exception cref="KnowledgeStoreException">The file is something else, damaged, locked, of a newer version, or cannot be written.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static KnowledgeStore Open(string file, KnowledgeStoreOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        var limits = (options ?? new()).Checked();
        var path = Path.GetFullPath(file);
        return new(file, StoreFile.OpenForWriting(path, limits.Patience), limits.EntriesPerPolicy);
    }

    /// <summary>Looks whether a file, if there is one, is something else at first sight.</summary>
    /// <exception cref="KnowledgeStoreException">It is no database.</exception>
    internal static void ThrowIfForeign(string file)
    {
        if (new FileInfo(file) is { Exists: true, Length: > 0 } && !StoreFile.IsDatabase(file))
        {
            throw KnowledgeStoreException.OfForeign(file);
        }
    }

    /// <summary>Opens a store to read it, also one that another process is writing.</summary>
    /// <param name="file">Its path.</param>
    /// <exception cref="KnowledgeStoreException">There is no such store, or it cannot be read.</exception>
    public static KnowledgeStore OpenForReading(string file)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(file);
        return new(file, StoreFile.OpenForReading(Path.GetFullPath(file), new KnowledgeStoreOptions().Patience), 0);
    }

    /// <summary>Stores a finished iteration, before it is scaled. It is on the disk when this returns.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="iteration">The iteration.</param>
    /// <param name="explanation">Why; null if that is not known.</param>
    /// <exception cref="KnowledgeStoreException">It could not be stored; what was stored before is still there.</exception>
    public void Add(string policy, FinishedIteration iteration, Explanation? explanation)
    {
        ArgumentNullException.ThrowIfNull(iteration);
        Write(policy, id =>
        {
            Run(
                "INSERT INTO iteration (policy, id, at, entry, explanation) VALUES ($policy, $id, $at, CAST($entry AS TEXT), CAST($why AS TEXT))",
                ("$policy", id),
                ("$id", iteration.Id),
                ("$at", iteration.UdfEndTimestampMillis),
                ("$entry", iteration.ToUtf8().ToArray()),
                ("$why", explanation is null ? DBNull.Value : StoredJson.Write(explanation)));
            Run(
                "DELETE FROM iteration WHERE policy = $policy AND seq <= (SELECT seq FROM iteration WHERE policy = $policy ORDER BY seq DESC LIMIT 1 OFFSET $most)",
                ("$policy", id),
                ("$most", _mostEntries));
        });
    }

    /// <summary>Stores what scaling came to.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="id">The id of an iteration that was added; of several with this id the newest is meant.</param>
    /// <param name="result">What scaling came to; takes the place of an earlier result.</param>
    /// <exception cref="ArgumentException">There is no such iteration.</exception>
    /// <exception cref="KnowledgeStoreException">It could not be stored.</exception>
    public void Complete(string policy, string id, ScalingResult result)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(result);
        Write(policy, number =>
        {
            var changed = Run(
                "UPDATE iteration SET scaling = CAST($scaling AS TEXT) WHERE seq = (SELECT seq FROM iteration WHERE policy = $policy AND id = $id ORDER BY seq DESC LIMIT 1)",
                ("$policy", number),
                ("$id", id),
                ("$scaling", StoredJson.Write(result)));
            if (changed == 0)
            {
                throw new ArgumentException($"The store has no iteration {id} of {policy}: add it before it is scaled.", nameof(id));
            }
        });
    }

    /// <summary>Stores a rescale that was watched.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="rescale">When it began, and how long it took.</param>
    /// <exception cref="KnowledgeStoreException">It could not be stored.</exception>
    public void AddRescale(string policy, Rescale rescale)
    {
        ArgumentNullException.ThrowIfNull(rescale);
        AddEvent(policy, "rescale", rescale.StartedAt, StoredJson.Write(rescale));
    }

    /// <summary>Stores the settings of a policy, unless they are those that were stored last.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="at">When they come into force.</param>
    /// <param name="json">What decides, with which settings, bounds and interval, as one JSON object.</param>
    /// <exception cref="KnowledgeStoreException">They could not be stored.</exception>
    public void AddSettings(string policy, DateTimeOffset at, string json)
    {
        ArgumentException.ThrowIfNullOrEmpty(json);
        AddEvent(policy, "settings", at, json, onlyIfNew: true);
    }

    /// <summary>Stores that an iteration came to nothing.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="at">When it failed.</param>
    /// <param name="problem">Which step failed, and why.</param>
    /// <exception cref="KnowledgeStoreException">It could not be stored.</exception>
    public void AddFailure(string policy, DateTimeOffset at, string problem)
    {
        ArgumentNullException.ThrowIfNull(problem);
        AddEvent(policy, "failure", at, problem);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _database.Dispose();
        }
    }

    private void AddEvent(string policy, string kind, DateTimeOffset at, string content, bool onlyIfNew = false) => Write(policy, id =>
    {
        const string Newest = "(SELECT content FROM event WHERE policy = $policy AND kind = $kind ORDER BY seq DESC LIMIT 1)";
        Run(
            "INSERT INTO event (policy, kind, at, content) SELECT $policy, $kind, $at, $content" + (onlyIfNew ? $" WHERE {Newest} IS NOT $content" : ""),
            ("$policy", id),
            ("$kind", kind),
            ("$at", at.ToUnixTimeMilliseconds()),
            ("$content", content));
        Run(
            "DELETE FROM event WHERE policy = $policy AND kind = $kind AND seq <= (SELECT seq FROM event WHERE policy = $policy AND kind = $kind ORDER BY seq DESC LIMIT 1 OFFSET $most)",
            ("$policy", id),
            ("$kind", kind),
            ("$most", _mostEntries));
    });

    /// <summary>Everything or nothing.</summary>
    private void Write(string policy, Action<long> change)
    {
        ArgumentException.ThrowIfNullOrEmpty(policy);
        lock (_gate)
        {
            try
            {
                using var writing = _database.BeginTransaction(deferred: false);
                Run("INSERT OR IGNORE INTO policy (name) VALUES ($name)", ("$name", policy));
                using (var number = Command("SELECT id FROM policy WHERE name = $name", ("$name", policy)))
                {
                    change((long)number.ExecuteScalar()!);
                }

                writing.Commit();
            }
            catch (SqliteException error)
            {
                throw KnowledgeStoreException.Of(_file, error);
            }
        }
    }

    private int Run(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = _database.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return command;
    }
}
