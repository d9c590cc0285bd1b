using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace MockSre.Web.Incidents;

/// <summary>The database of incident runs: each in short, and its events in the batches in which they came.</summary>
internal sealed class IncidentDbContext(DbContextOptions<IncidentDbContext> options) : DbContext(options)
{
    public DbSet<IncidentRow> Incidents => Set<IncidentRow>();

    public DbSet<EventsRow> Events => Set<EventsRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<IncidentRow>(incident =>
        {
            incident.ToTable(IncidentStore.Table).HasKey(row => row.Number);
            incident.Property(row => row.Number).HasColumnName("number");
            incident.Property(row => row.Id).HasColumnName("id");
            incident.Property(row => row.Header).HasColumnName("header");
            incident.Property(row => row.Plan).HasColumnName("plan");
            incident.HasIndex(row => row.Id).IsUnique();
        });
        modelBuilder.Entity<EventsRow>(events =>
        {
            events.ToTable("incident_events").HasKey(row => row.Number);
            events.Property(row => row.Number).HasColumnName("number");
            events.Property(row => row.Incident).HasColumnName("incident");
            events.Property(row => row.Lines).HasColumnName("lines");
            events.HasIndex(row => new { row.Incident, row.Number });
            events.HasOne<IncidentRow>().WithMany().HasForeignKey(row => row.Incident).OnDelete(DeleteBehavior.Cascade);
        });
    }
}

/// <summary>A row of <c>incidents</c>; later runs have higher numbers.</summary>
internal sealed class IncidentRow
{
    public int Number { get; init; }

    public required string Id { get; init; }

    /// <summary>An incident header as JSON.</summary>
    public required string Header { get; set; }

    /// <summary>An incident plan as JSON, gzipped.</summary>
    public required byte[] Plan { get; init; }
}

/// <summary>A row of <c>incident_events</c>; later batches have higher numbers.</summary>
internal sealed class EventsRow
{
    public int Number { get; init; }

    /// <summary>The number of the run.</summary>
    public int Incident { get; init; }

    /// <summary>Events as JSON, one a line, gzipped.</summary>
    public required byte[] Lines { get; init; }
}

/// <summary>Lets <c>dotnet ef</c> build migrations without starting the service.</summary>
internal sealed class DesignTimeIncidentDbContext : IDesignTimeDbContextFactory<IncidentDbContext>
{
    public IncidentDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<IncidentDbContext>().UseSqlite("Data Source=:memory:").Options);
}
