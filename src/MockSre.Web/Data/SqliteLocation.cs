using Microsoft.Data.Sqlite;
using MockSre.Domain.Settings;
using SQLitePCL;

namespace MockSre.Web.Data;

/// <summary>The SQLite database that a setting names: a file, or memory under a name of its own.</summary>
/// <param name="url">The setting.</param>
internal sealed class SqliteLocation(DatabaseUrl url)
{
    private const string Damaged = "a SQLite database that is whole; the file is damaged";

    /// <summary>How long another process may keep the file locked.</summary>
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(5);

    // In memory means the memdb VFS under a name of its own: shared-cache mode makes readers wait for each other, and one
    // connection cannot be shared.
    private readonly string _source = url.FilePath is null ? $"file:/mocksre-{Guid.NewGuid():N}?vfs=memdb" : Path.GetFullPath(url.FilePath);

    /// <summary>Whether it ends with the process, or earlier: with its last connection.</summary>
    public bool IsInMemory => url.IsInMemory;

    /// <summary>The file; null for memory.</summary>
    public string? FilePath => url.IsInMemory ? null : _source;

    /// <summary>How to open it.</summary>
    /// <param name="mode">Whether a file may be made.</param>
    public string ConnectionString(SqliteOpenMode mode) => ConnectionString(_source, mode);

    /// <summary>Says, without changing anything, what a database that cannot be used would have to be; null if it seems it can be used.</summary>
    /// <param name="url">Where it is.</param>
    /// <param name="table">A table that it has once this service has made it.</param>
    public static string? FindProblem(DatabaseUrl url, string table)
    {
        if (url.FilePath is null)
        {
            return null;
        }

        var path = Path.GetFullPath(url.FilePath);
        if (!File.Exists(path))
        {
            // It will be made, where there is a place for it.
            return Directory.Exists(path) || !Directory.Exists(Path.GetDirectoryName(path)) ? "a file in a directory that exists" : null;
        }

        try
        {
            using var connection = new SqliteConnection(ConnectionString(path, SqliteOpenMode.ReadWrite));
            connection.Open();
            using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA quick_check(1)";
            if (check.ExecuteScalar() is not "ok")
            {
                return Damaged;
            }

            using var tables = connection.CreateCommand();
            tables.CommandText = """
                SELECT count(*) > 0 AND sum(name = $table) = 0 FROM sqlite_master
                WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '\_\_EF%' ESCAPE '\'
                """;
            tables.Parameters.AddWithValue("$table", table);
            return tables.ExecuteScalar() is 1L ? "a database made by this service, not by another program" : null;
        }
        catch (SqliteException e)
        {
            return Explain(e);
        }
    }

    /// <summary>Says what a database would have to be to be used.</summary>
    public static string Explain(SqliteException e) => e.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB => "a SQLite database; the file is something else",
        raw.SQLITE_CORRUPT => Damaged,
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_READONLY => "a file that may be opened and written",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "a database that no other process has locked",
        _ => $"a SQLite database that can be used (SQLite error {e.SqliteErrorCode})",
    };

    // The pool is ours, so the provider's is off.
    private static string ConnectionString(string source, SqliteOpenMode mode) => new SqliteConnectionStringBuilder
    {
        DataSource = source,
        Mode = mode,
        Pooling = false,
        DefaultTimeout = (int)LockLimit.TotalSeconds,
    }.ToString();
}
