using Microsoft.Data.Sqlite;
using static System.FormattableString;

namespace Kta.Functional.Operator;

/// <summary>Opens the file of a store, and refuses one that is somebody else's, damaged, or from a newer version.</summary>
internal static class StoreFile
{
    // "KTAS", as the tool file(1) shows it.
    private const long ApplicationId = 0x4B544153;

    /// <summary>What makes each version of the schema of the one before.</summary>
    private static readonly string[] s_versions =
    [
        """
        CREATE TABLE policy (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE iteration (
            seq INTEGER PRIMARY KEY,
            policy INTEGER NOT NULL REFERENCES policy (id),
            id TEXT NOT NULL,
            at INTEGER NOT NULL,
            entry TEXT NOT NULL,
            explanation TEXT,
            scaling TEXT
        );
        CREATE INDEX iteration_of_policy ON iteration (policy, seq);
        CREATE TABLE event (
            seq INTEGER PRIMARY KEY,
            policy INTEGER NOT NULL REFERENCES policy (id),
            kind TEXT NOT NULL,
            at INTEGER NOT NULL,
            content TEXT NOT NULL
        );
        CREATE INDEX event_of_policy ON event (policy, kind, seq);
        """,
    ];

    internal static SqliteConnection OpenForWriting(string file, TimeSpan patience)
    {
        var folder = Path.GetDirectoryName(file);
        if (!Directory.Exists(folder))
        {
            throw new KnowledgeStoreException($"{file} cannot be made: there is no folder {folder}. Make it, or name another file with --store.");
        }

        return Open(file, SqliteOpenMode.ReadWriteCreate, patience, database =>
        {
            var version = Recognise(file, database);
            // Also where nothing is to be made: a file that cannot be written is refused now, not at the first decision.
            using (var writing = database.BeginTransaction(deferred: false))
            {
                for (version = VersionOf(database); version < s_versions.Length; version++)
                {
                    Run(database, s_versions[version]);
                    Run(database, Invariant($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version + 1};"));
                }

                writing.Commit();
            }

            if (Ask(database, "PRAGMA quick_check(1)") is string finding and not "ok")
            {
                throw KnowledgeStoreException.OfDamage(file, finding.ReplaceLineEndings(" "));
            }

            // Readers never wait for the writer nor it for them, and what is committed has reached the disk.
            Run(database, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
        });
    }

    internal static SqliteConnection OpenForReading(string file, TimeSpan patience)
    {
        if (!File.Exists(file))
        {
            throw new KnowledgeStoreException(Directory.Exists(file) ? $"{file} is a folder, not a knowledge store." : $"There is no knowledge store {file}.");
        }

        try
        {
            return Open(file, SqliteOpenMode.ReadOnly, patience, Check);
        }
        catch (KnowledgeStoreException error) when (error.IsOfFolder && !File.Exists(file + "-wal"))
        {
            // Nobody writes, and nothing can be put beside the file, on a disk that is read-only for example: then none of it is needed.
            return Open(file, SqliteOpenMode.ReadOnly, patience, Check, $"file://{Uri.EscapeDataString(file).Replace("%2F", "/", StringComparison.Ordinal)}?immutable=1");
        }

        void Check(SqliteConnection database)
        {
            if (Recognise(file, database) is var version && version < s_versions.Length)
            {
                throw new KnowledgeStoreException(
                    version == 0 ? $"{file} is no knowledge store yet: it is empty."
                        : Invariant($"{file} has version {version} of the schema, this program reads {s_versions.Length}. Let kta run open it once, which brings it up to date."));
            }
        }
    }

    /// <summary>Whether a file is a SQLite database, of whomever.</summary>
    internal static bool IsDatabase(string file)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var start = new byte[16];
        return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length && start.AsSpan().SequenceEqual("SQLite format 3\0"u8);
    }

    private static SqliteConnection Open(string file, SqliteOpenMode mode, TimeSpan patience, Action<SqliteConnection> prepare, string? source = null)
    {
        if (Directory.Exists(file))
        {
            throw new KnowledgeStoreException($"{file} is a folder, not a knowledge store.");
        }

        var database = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = source ?? file,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = (int)Math.Ceiling(patience.TotalSeconds),
        }.ToString());
        try
        {
            database.Open();
            prepare(database);
            return database;
        }
        catch (Exception error)
        {
            database.Dispose();
            throw error is SqliteException problem ? KnowledgeStoreException.Of(file, problem) : error;
        }
    }

    /// <summary>The version of the schema; 0 for a file that is empty.</summary>
    private static int Recognise(string file, SqliteConnection database)
    {
        var (application, version) = ((long)Ask(database, "PRAGMA application_id")!, VersionOf(database));
        if (application != ApplicationId && (application != 0 || version != 0 || (long)Ask(database, "SELECT count(*) FROM sqlite_schema")! > 0))
        {
            throw new KnowledgeStoreException($"{file} is no knowledge store: it is a SQLite database of another program. {KnowledgeStoreException.Elsewhere}");
        }

        return version <= s_versions.Length
            ? version
            : throw new KnowledgeStoreException(Invariant(
                $"{file} was written by a newer version of this program: its schema is {version}, this one knows {s_versions.Length}. Update, or name another file with --store."));
    }

    private static int VersionOf(SqliteConnection database) => (int)(long)Ask(database, "PRAGMA user_version")!;

    private static object? Ask(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static void Run(SqliteConnection database, string sql) => Ask(database, sql);
}
