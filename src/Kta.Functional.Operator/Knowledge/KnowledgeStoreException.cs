using Microsoft.Data.Sqlite;

namespace Kta.Functional.Operator;

/// <summary>A store cannot be opened, read or written; the message says why, and the way out. What is in the file stays as it is.</summary>
public sealed class KnowledgeStoreException : IOException
{
    private const int Busy = 5, Locked = 6, ReadOnly = 8, Damaged = 11, Full = 13, CannotOpen = 14, NoDatabase = 26;

    internal KnowledgeStoreException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }

    /// <summary>Whether the folder is the cause, where files are made beside the store.</summary>
    internal bool IsOfFolder => InnerException is SqliteException { SqliteErrorCode: CannotOpen };

    internal static KnowledgeStoreException Of(string file, SqliteException error) => new(
        error.SqliteErrorCode switch
        {
            Busy or Locked => $"{file} is locked by another process that does not let go of it. End that process, or name another file with --store.",
            ReadOnly => $"{file} cannot be written: the file, or the folder it is in, is read-only. Allow writing, or name another file with --store.",
            Damaged => OfDamage(file, error.Message).Message,
            Full => $"{file} cannot grow: the disk is full. Make room, or name a file on another disk with --store. What was stored before is still there.",
            CannotOpen => $"{file} cannot be opened. Allow reading it and making files beside it: neither may be read-only; or name another file with --store.",
            NoDatabase => OfForeign(file).Message,
            _ => $"{file} cannot be read or written: {error.Message} (SQLite {error.SqliteExtendedErrorCode}). Look after the disk, or name another file with --store.",
        },
        error);

    internal static KnowledgeStoreException OfForeign(string file) => new($"{file} is no knowledge store: it is not a SQLite database. {Elsewhere}");

    internal static KnowledgeStoreException OfDamage(string file, string finding) => new(
        $"{file} is damaged: {finding.TrimEnd('.')}. Move it away, together with {Path.GetFileName(file)}-wal if there is one, and begin with a new one; "
        + $"what can still be read is rescued by the shell of sqlite.org: sqlite3 {Path.GetFileName(file)} .recover | sqlite3 rescued.db");

    internal static string Elsewhere => "It is left as it is: name another file with --store, or move it away.";
}
