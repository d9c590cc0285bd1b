using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace MockSre.Web.Data;

/// <summary>Gives each call of <c>fold_key</c> a fixed cost: a full scan takes as long on any machine. It can be interrupted.</summary>
internal sealed class ProfileConnection : SqliteConnection
{
    // Waits are batched into slices, because a wait per row would be inexact.
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);

    private readonly TimeSpan _rowCost;
    private readonly int _rowsPerSlice;
    private readonly TimeProvider _time;
    private readonly PooledDbContextFactory<ProfileDbContext> _contexts;
    private readonly ManualResetEventSlim _interrupted = new();
    private long _scanStart;
    private long _rows;

    public ProfileConnection(string connectionString, ProfileReading reading, TimeProvider time)
        : base(connectionString)
    {
        _rowCost = reading.ScanRowCost;
        _rowsPerSlice = _rowCost > TimeSpan.Zero ? (int)Math.Clamp(Slice / _rowCost, 1, 1000) : int.MaxValue;
        _time = time;
        var options = new DbContextOptionsBuilder<ProfileDbContext>()
            .UseSqlite(this)
            .UseQueryTrackingBehavior(QueryTrackingBehavior.NoTracking)
            .ConfigureWarnings(DatabasePreparation.ModelIsTested);
        if (reading.RoundTrip > TimeSpan.Zero)
        {
            options.AddInterceptors(new RoundTripInterceptor(reading.RoundTrip, time));
        }

        _contexts = new PooledDbContextFactory<ProfileDbContext>(options.Options, poolSize: 1);
    }

    public override void Open()
    {
        base.Open();
        CreateFunction(ProfileDbContext.FoldKeyFunction, (string key) => FoldKey(key), isDeterministic: true);
    }

    /// <summary>Gives the context over this connection, to be disposed of after each use.</summary>
    /// <remarks>Contexts are reused: a new one registers EF's SQL functions again, which takes as long as a read.</remarks>
    public ProfileDbContext CreateContext() => _contexts.CreateDbContext();

    /// <summary>Starts a read and forgets earlier interrupts.</summary>
    public void BeginRead()
    {
        _interrupted.Reset();
        _rows = 0;
    }

    /// <summary>Ends the statement that runs, from any thread.</summary>
    public void Interrupt()
    {
        _interrupted.Set();
        SQLitePCL.raw.sqlite3_interrupt(Handle!);
    }

    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
        {
            _interrupted.Dispose();
        }
    }

    private string FoldKey(string key)
    {
        // Time before the first row, such as opening the file, does not count.
        if (_rows++ == 0)
        {
            _scanStart = _time.GetTimestamp();
        }

        if (_rows % _rowsPerSlice == 0)
        {
            // The cost of the rows so far, less the time they took, so that slow machines do not wait more.
            var owed = (_rows * _rowCost) - _time.GetElapsedTime(_scanStart);
            if (owed >= TimeSpan.FromMilliseconds(1))
            {
                _interrupted.Wait(owed);
            }

            if (_interrupted.IsSet)
            {
                // SQLite loses an interrupt that came just before the statement began.
                SQLitePCL.raw.sqlite3_interrupt(Handle!);
            }
        }

        return key.ToLowerInvariant();
    }
}
