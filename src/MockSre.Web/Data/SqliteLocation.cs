using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace MockSre.Web.Data;

/// <summary>The SQLite database of a setting: a file, or memory under a unique name.</summary>
internal sealed class SqliteLocation(DatabaseUrl url)
{
    private const string Damaged = "a SQLite database that is whole; the file is damaged";

    // The wait for another process that has locked the file.
    private static readonly TimeSpan LockLimit = TimeSpan.FromSeconds(5);

    // In memory means the memdb VFS with a unique name: in shared-cache mode readers would block each other, and one connection
    // cannot be shared.
    private readonly string _source = url.FilePath is null ? $"file:/mocksre-{Guid.NewGuid():N}?vfs=memdb" : Path.GetFullPath(url.FilePath);

    /// <summary>Whether the database ends with its last connection.</summary>
    public bool IsInMemory => url.IsInMemory;

    /// <summary>The file; null in memory.</summary>
    public string? FilePath => url.IsInMemory ? null : _source;

    /// <param name="mode">Whether the file can be created.</param>
    public string ConnectionString(SqliteOpenMode mode) => ConnectionString(_source, mode);

    /// <summary>Checks a database without changing it.</summary>
    /// <param name="table">A table that it has once this service has created it.</param>
    /// <returns>What the setting would have to name; null if no problem was found.</returns>
    public static string? FindProblem(DatabaseUrl url, string table)
    {
        if (url.FilePath is null)
        {
            return null;
        }

        var path = Path.GetFullPath(url.FilePath);
        if (!File.Exists(path))
        {
            // The file will be created if its directory exists.
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

    /// <summary>What the setting would have to name instead.</summary>
    public static string Explain(SqliteException e) => e.SqliteErrorCode switch
    {
        raw.SQLITE_NOTADB => "a SQLite database; the file is something else",
        raw.SQLITE_CORRUPT => Damaged,
        raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_READONLY => "a file that may be opened and written",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "a database that no other process has locked",
        _ => $"a SQLite database that can be used (SQLite error {e.SqliteErrorCode})",
    };

    // The service has its own pool.
    private static string ConnectionString(string source, SqliteOpenMode mode) => new SqliteConnectionStringBuilder
    {
        DataSource = source,
        Mode = mode,
        Pooling = false,
        DefaultTimeout = (int)LockLimit.TotalSeconds,
    }.ToString();
}
