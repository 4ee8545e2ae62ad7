using System.Text.Json;
using Kta.Functional.Simulation;
using Microsoft.Data.Sqlite;

namespace Kta.Functional.Operator;

/// <content>What is read.</content>
public sealed partial class KnowledgeStore
{
    private const int MostNotes = 100;
    private const string OfPolicy = "policy = (SELECT id FROM policy WHERE name = $name)";
    private const string Between = "at >= $from AND at <= $to";

    /// <summary>The policies that have something stored, by name.</summary>
    /// <exception cref="KnowledgeStoreException">The file cannot be read.</exception>
    public IReadOnlyList<string> Policies => Rows("SELECT name FROM policy ORDER BY name", row => row.GetString(0), int.MaxValue);

    /// <summary>What has been read around so far: entries that cannot be read, and why. At most 100.</summary>
    public IReadOnlyList<string> Notes
    {
        get
        {
            lock (_gate)
            {
                return [.. _notes];
            }
        }
    }

    /// <summary>The newest iterations of a policy, newest first, as the next request carries them. One that cannot be read is left out, see <see cref="Notes"/>.</summary>
    /// <param name="policy">The policy; one that has nothing stored has no history.</param>
    /// <param name="length">How many at most, at least 1.</param>
    /// <exception cref="KnowledgeStoreException">The file cannot be read.</exception>
    public IReadOnlyList<FinishedIteration> History(string policy, int length)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        return Rows(
            $"SELECT id, entry FROM iteration WHERE {OfPolicy} ORDER BY seq DESC",
            row => Readable(policy, row, () => _entries.Read(Bytes(row, 1)!)),
            length,
            ("$name", policy));
    }

    /// <summary>The iterations of a policy that ended in a stretch of time, in the order they were added.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="from">The beginning of the stretch, inclusive; null: no bound.</param>
    /// <param name="to">The end of the stretch, inclusive; null: no bound.</param>
    /// <exception cref="KnowledgeStoreException">The file cannot be read.</exception>
    public IReadOnlyList<StoredIteration> Read(string policy, DateTimeOffset? from = null, DateTimeOffset? to = null) => Rows(
        $"SELECT id, entry, explanation, scaling FROM iteration WHERE {OfPolicy} AND {Between} ORDER BY seq",
        row => Readable(policy, row, () =>
        {
            var finished = _entries.Read(Bytes(row, 1)!);
            return new StoredIteration(
                finished,
                Bytes(row, 2) is { } why ? StoredJson.ReadExplanation(why, finished.PlanResult) : null,
                Bytes(row, 3) is { } scaling ? StoredJson.ReadScaling(scaling) : null);
        }),
        int.MaxValue,
        Stretch(policy, from, to));

    /// <summary>The newest rescales of a policy, newest first.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="count">How many at most, at least 1.</param>
    /// <exception cref="KnowledgeStoreException">The file cannot be read.</exception>
    public IReadOnlyList<Rescale> Rescales(string policy, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return Events(policy, "rescale", null, null, (_, content) => StoredJson.ReadRescale(content), "DESC", count);
    }

    /// <summary>The rescales of a policy that began in a stretch of time, in the order they were added.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="from">The beginning of the stretch, inclusive; null: no bound.</param>
    /// <param name="to">The end of the stretch, inclusive; null: no bound.</param>
    /// <exception cref="KnowledgeStoreException">The file cannot be read.</exception>
    public IReadOnlyList<Rescale> Rescales(string policy, DateTimeOffset? from, DateTimeOffset? to) =>
        Events(policy, "rescale", from, to, (_, content) => StoredJson.ReadRescale(content));

    /// <summary>The iterations of a policy that came to nothing in a stretch of time, in the order they were added.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="from">The beginning of the stretch, inclusive; null: no bound.</param>
    /// <param name="to">The end of the stretch, inclusive; null: no bound.</param>
    /// <exception cref="KnowledgeStoreException">The file cannot be read.</exception>
    public IReadOnlyList<StoredFailure> Failures(string policy, DateTimeOffset? from = null, DateTimeOffset? to = null) =>
        Events(policy, "failure", from, to, (at, problem) => new StoredFailure(at, problem));

    /// <summary>The settings of a policy that came into force in a stretch of time, in the order they were added.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="from">The beginning of the stretch, inclusive; null: no bound.</param>
    /// <param name="to">The end of the stretch, inclusive; null: no bound.</param>
    /// <exception cref="KnowledgeStoreException">The file cannot be read.</exception>
    public IReadOnlyList<StoredSettings> Settings(string policy, DateTimeOffset? from = null, DateTimeOffset? to = null) =>
        Events(policy, "settings", from, to, (at, json) => new StoredSettings(at, json));

    private List<T> Events<T>(
        string policy, string kind, DateTimeOffset? from, DateTimeOffset? to, Func<DateTimeOffset, string, T> read, string order = "ASC", int most = int.MaxValue)
        where T : class => Rows(
            $"SELECT kind, at, content FROM event WHERE {OfPolicy} AND kind = $kind AND {Between} ORDER BY seq {order}",
            row => Readable(policy, row, () => read(EpochTime.At(row.GetInt64(1)), row.GetString(2))),
            most,
            [.. Stretch(policy, from, to), ("$kind", kind)]);

    private static (string Name, object Value)[] Stretch(string policy, DateTimeOffset? from, DateTimeOffset? to)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return
        [
            ("$name", policy),
            ("$from", from?.ToUnixTimeMilliseconds() ?? long.MinValue),
            ("$to", to?.ToUnixTimeMilliseconds() ?? long.MaxValue),
        ];
    }

    private List<T> Rows<T>(string sql, Func<SqliteDataReader, T?> read, int most, params ReadOnlySpan<(string Name, object Value)> parameters)
        where T : class
    {
        lock (_gate)
        {
            try
            {
                using var command = Command(sql, parameters);
                using var rows = command.ExecuteReader();
                var found = new List<T>();
                while (found.Count < most && rows.Read())
                {
                    if (read(rows) is { } one)
                    {
                        found.Add(one);
                    }
                }

                return found;
            }
            catch (SqliteException error)
            {
                throw KnowledgeStoreException.Of(_file, error);
            }
        }
    }

    /// <summary>What is in a row, or null and a note: the others are still good.</summary>
    private T? Readable<T>(string policy, SqliteDataReader row, Func<T> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException or ArgumentException or OverflowException)
        {
            var note = $"{_file}: {row.GetString(0)} of {policy} cannot be read and is left out: {error.Message}";
            if (_notes.Count < MostNotes && !_notes.Contains(note))
            {
                _notes.Add(note);
            }

            return null;
        }
    }

    /// <summary>The text of a cell as it is.</summary>
    private static byte[]? Bytes(SqliteDataReader row, int cell) => row.IsDBNull(cell) ? null : row.GetFieldValue<byte[]>(cell);
}
