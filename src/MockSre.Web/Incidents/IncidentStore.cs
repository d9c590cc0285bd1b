using System.IO.Compression;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using MockSre.Domain.Incidents;
using MockSre.Domain.Settings;
using MockSre.Web.Data;

namespace MockSre.Web.Incidents;

/// <summary>Keeps incident runs in a database of their own: what has been kept outlives the process, however it ends.</summary>
/// <param name="url">Where.</param>
/// <param name="time">Dates what cannot be dated otherwise.</param>
internal sealed class IncidentStore(DatabaseUrl url, TimeProvider time) : IIncidentStore, IDisposable
{
    /// <summary>Runs that are kept; the oldest is let go for one more.</summary>
    public const int KeptRuns = 100;

    /// <summary>A table that every database of runs has.</summary>
    public const string Table = "incidents";

    private static readonly byte[] NewLine = "\n"u8.ToArray();

    private readonly SqliteLocation _location = new(url);
    private SqliteConnection? _keepAlive;
    private FileStream? _lock;

    /// <summary>Whether this process alone keeps runs there: another one's open runs are not left-overs.</summary>
    public bool IsOurs => _location.IsInMemory || _lock is not null;

    /// <summary>Creates or updates the tables.</summary>
    /// <returns>What the database would have to be; null if it can be used.</returns>
    public async Task<string?> PrepareAsync()
    {
        try
        {
            if (_location.IsInMemory)
            {
                _keepAlive ??= new SqliteConnection(_location.ConnectionString(SqliteOpenMode.ReadWriteCreate));
                await _keepAlive.OpenAsync();
            }

            await using (var context = Open(SqliteOpenMode.ReadWriteCreate))
            {
                await context.Database.MigrateAsync();
                if (!_location.IsInMemory)
                {
                    // What is kept each second then costs no reader anything.
                    await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL");
                }
            }

            _lock ??= TryLock();
            return null;
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
        context.Incidents.Add(new IncidentRow { Id = header.Id, Header = Json(header), Plan = Zip(zip => JsonSerializer.Serialize(zip, plan, IncidentJson.Options)) });
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

    /// <summary>Keeps what a run has come to.</summary>
    public async Task UpdateAsync(IncidentHeader header)
    {
        await using var context = Open();
        await context.Incidents.Where(row => row.Id == header.Id).ExecuteUpdateAsync(row => row.SetProperty(incident => incident.Header, Json(header)));
    }

    /// <summary>Every run that is kept, newest first.</summary>
    public async Task<IReadOnlyList<IncidentHeader>> ListAsync()
    {
        await using var context = Open();
        var headers = await context.Incidents.OrderByDescending(row => row.Number).Select(row => row.Header).ToListAsync();
        return [.. headers.Select(json => JsonSerializer.Deserialize<IncidentHeader>(json, IncidentJson.Options)!)];
    }

    /// <summary>Reads a run; null for an unknown one.</summary>
    public async Task<Dossier?> ReadAsync(string id)
    {
        await using var context = Open();
        if (await context.Incidents.FirstOrDefaultAsync(row => row.Id == id) is not { } incident)
        {
            return null;
        }

        var header = JsonSerializer.Deserialize<IncidentHeader>(incident.Header, IncidentJson.Options)!;
        using var plan = Unzip(incident.Plan);
        var dossier = new Dossier(id, JsonSerializer.Deserialize<IncidentPlan>(plan, IncidentJson.Options)!, header.StartedAt, time);
        await foreach (var row in context.Events.Where(row => row.Incident == incident.Number).OrderBy(row => row.Number).AsNoTracking().AsAsyncEnumerable())
        {
            using var lines = new StreamReader(Unzip(row.Lines));
            while (await lines.ReadLineAsync() is { } line)
            {
                dossier.Apply(JsonSerializer.Deserialize<IncidentEvent>(line, IncidentJson.Options)!);
            }
        }

        return dossier;
    }

    public void Dispose()
    {
        _keepAlive?.Dispose();
        _lock?.Dispose();
    }

    // The system lets go of it with the process, however that ends.
    private FileStream? TryLock()
    {
        try
        {
            return _location.FilePath is { } file
                ? new FileStream(file + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
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

    private IncidentDbContext Open(SqliteOpenMode mode = SqliteOpenMode.ReadWrite) =>
        new(new DbContextOptionsBuilder<IncidentDbContext>().UseSqlite(_location.ConnectionString(mode)).Options);
}
