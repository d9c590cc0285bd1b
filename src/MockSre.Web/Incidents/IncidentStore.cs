using System.IO.Compression;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using MockSre.Domain.Incidents.Planning;
using MockSre.Web.Data;

namespace MockSre.Web.Incidents;

/// <summary>Keeps incident runs in a database of their own. Each call commits, so that a crash loses nothing written before.</summary>
internal sealed class IncidentStore(DatabaseUrl url, TimeProvider time) : IIncidentStore, IDisposable
{
    /// <summary>Runs that are kept. A new run deletes the oldest.</summary>
    public const int KeptRuns = 100;

    public const string Table = "incidents";

    private static readonly byte[] NewLine = "\n"u8.ToArray();

    private readonly SqliteLocation _location = new(url);
    private SqliteConnection? _keepAlive;

    /// <summary>Creates or updates the tables.</summary>
    /// <returns>What is wrong with the database, as the words of what it must be. Null if it can be used.</returns>
    public async Task<string?> PrepareAsync()
    {
        try
        {
            if (_location.IsInMemory)
            {
                await StayOpenAsync(SqliteOpenMode.ReadWriteCreate);
            }

            await using var context = Open(SqliteOpenMode.ReadWriteCreate);
            using var fileLock = new DatabaseLock(url);
            var preparation = new DatabasePreparation(_location, fileLock);
            var problem = await preparation.RunAsync(context, () => Task.FromResult(true), _ => Task.CompletedTask);
            if (problem is null && !_location.IsInMemory)
            {
                await StayOpenAsync(SqliteOpenMode.ReadWrite);
            }

            return problem;
        }
        catch (SqliteException e)
        {
            return SqliteLocation.Explain(e);
        }
    }

    public async Task CreateAsync(IncidentHeader header, IncidentPlan plan)
    {
        await using var context = Open();
        await context.Incidents.OrderByDescending(row => row.Number).Skip(KeptRuns - 1).ExecuteDeleteAsync();
        context.Incidents.Add(new IncidentRow
        {
            Id = header.Id,
            Header = Json(header),
            Plan = Zip(zip => JsonSerializer.Serialize(zip, plan, IncidentJson.Options)),
        });
        await context.SaveChangesAsync();
    }

    public async Task AppendAsync(string id, IReadOnlyList<IncidentEvent> events)
    {
        await using var context = Open();
        var incident = await context.Incidents.Where(row => row.Id == id).Select(row => row.Number).SingleAsync();
        context.Events.Add(new EventsRow
        {
            Incident = incident,
            Lines = Zip(zip =>
            {
                foreach (var happened in events)
                {
                    JsonSerializer.Serialize(zip, happened, IncidentJson.Options);
                    zip.Write(NewLine);
                }
            }),
        });
        await context.SaveChangesAsync();
    }

    public async Task UpdateAsync(IncidentHeader header)
    {
        await using var context = Open();
        await context.Incidents.Where(row => row.Id == header.Id)
            .ExecuteUpdateAsync(row => row.SetProperty(incident => incident.Header, Json(header)));
    }

    /// <summary>Whether there is no run. In SQL, because every start asks, and EF's first query costs a start 70 ms.</summary>
    public async Task<bool> IsEmptyAsync()
    {
        await using var connection = new SqliteConnection(_location.ConnectionString(SqliteOpenMode.ReadWrite));
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT NOT EXISTS (SELECT 1 FROM {Table})";
        return await command.ExecuteScalarAsync() is 1L;
    }

    /// <summary>All runs, newest first.</summary>
    public async Task<IReadOnlyList<IncidentHeader>> ListAsync()
    {
        await using var context = Open();
        var headers = await context.Incidents.OrderByDescending(row => row.Number).Select(row => row.Header).ToListAsync();
        return [.. headers.Select(json => JsonSerializer.Deserialize<IncidentHeader>(json, IncidentJson.Options)!)];
    }

    /// <returns>Null for an unknown id.</returns>
    public async Task<IncidentRecord?> ReadAsync(string id) => (await FollowAsync(id, known: null))?.Incident;

    /// <summary>Reads a run, or the new events of a run that was read before.</summary>
    /// <param name="known">The run as it was read before. New events are applied to its record. One caller at a time.</param>
    /// <returns>Null for an unknown id.</returns>
    public async Task<KeptRun?> FollowAsync(string id, KeptRun? known)
    {
        await using var context = Open();
        var rows = context.Incidents.Where(row => row.Id == id);

        // The header first: the one that says closed is written after the last event.
        var kept = rows.Select(row => new { row.Number, row.Header, Plan = known == null ? row.Plan : null });
        if (await kept.FirstOrDefaultAsync() is not { } row)
        {
            return null;
        }

        var header = JsonSerializer.Deserialize<IncidentHeader>(row.Header, IncidentJson.Options)!;
        var incident = known?.Incident ?? new IncidentRecord(id, PlanOf(row.Plan!), header.StartedAt, time);
        var last = known?.LastBatch ?? 0;
        var batches = context.Events.Where(batch => batch.Incident == row.Number && batch.Number > last).OrderBy(batch => batch.Number);
        await foreach (var batch in batches.AsNoTracking().AsAsyncEnumerable())
        {
            using var lines = new StreamReader(Unzip(batch.Lines));
            while (await lines.ReadLineAsync() is { } line)
            {
                incident.Apply(JsonSerializer.Deserialize<IncidentEvent>(line, IncidentJson.Options)!);
            }

            last = batch.Number;
        }

        return new KeptRun(header, incident, last);
    }

    public void Dispose() => _keepAlive?.Dispose();

    // A database in memory lives as long as a connection. A file keeps its WAL index that long: a full disk could not be read without it.
    private async Task StayOpenAsync(SqliteOpenMode mode)
    {
        if (_keepAlive is null)
        {
            _keepAlive = new SqliteConnection(_location.ConnectionString(mode));
            await _keepAlive.OpenAsync();
            using var read = _keepAlive.CreateCommand();
            read.CommandText = "SELECT count(*) FROM sqlite_master";
            await read.ExecuteScalarAsync();
        }
    }

    private static IncidentPlan PlanOf(byte[] zipped)
    {
        using var plan = Unzip(zipped);
        return JsonSerializer.Deserialize<IncidentPlan>(plan, IncidentJson.Options)!;
    }

    private static string Json(IncidentHeader header) => JsonSerializer.Serialize(header, IncidentJson.Options);

    private static byte[] Zip(Action<Stream> write)
    {
        using var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            write(zip);
        }

        return zipped.ToArray();
    }

    private static GZipStream Unzip(byte[] zipped) => new(new MemoryStream(zipped), CompressionMode.Decompress);

    private IncidentDbContext Open(SqliteOpenMode mode = SqliteOpenMode.ReadWrite) => new(
        new DbContextOptionsBuilder<IncidentDbContext>()
            .UseSqlite(_location.ConnectionString(mode))
            .ConfigureWarnings(DatabasePreparation.ModelIsTested)
            .Options);
}
