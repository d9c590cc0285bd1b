using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace MockSre.Web.Data;

/// <summary>The database: profiles, and what their owners did.</summary>
internal sealed class ProfileDbContext(DbContextOptions<ProfileDbContext> options) : DbContext(options)
{
    /// <summary>The SQL name of <see cref="FoldKey"/>.</summary>
    public const string FoldKeyFunction = "fold_key";

    public DbSet<ProfileRow> Profiles => Set<ProfileRow>();

    public DbSet<ActivityRow> Activities => Set<ActivityRow>();

    /// <summary>A key in lower case. A comparison with this function on a column cannot use an index.</summary>
    public static string FoldKey(string key) => throw new NotSupportedException($"Runs in the database as {FoldKeyFunction}({key}).");

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDbFunction(typeof(ProfileDbContext).GetMethod(nameof(FoldKey))!).HasName(FoldKeyFunction);
        modelBuilder.Entity<ProfileRow>(profile =>
        {
            profile.ToTable("user_profiles").HasKey(row => row.UserId);
            profile.Property(row => row.UserId).HasColumnName("user_id").ValueGeneratedNever();
            profile.Property(row => row.UserKey).HasColumnName("user_key");
            profile.Property(row => row.Username).HasColumnName("username");
            profile.Property(row => row.DisplayName).HasColumnName("display_name");
            profile.Property(row => row.Email).HasColumnName("email");
            profile.Property(row => row.Plan).HasColumnName("plan");
            profile.Property(row => row.JoinedAt).HasColumnName("joined_at");
            profile.HasIndex(row => row.UserKey).IsUnique();
        });
        modelBuilder.Entity<ActivityRow>(activity =>
        {
            activity.ToTable("profile_activity").HasKey(row => row.ActivityId);
            activity.Property(row => row.ActivityId).HasColumnName("activity_id");
            activity.Property(row => row.UserKey).HasColumnName("user_key");
            activity.Property(row => row.Kind).HasColumnName("kind");
            activity.Property(row => row.OccurredAt).HasColumnName("occurred_at");
            activity.HasIndex(row => new { row.UserKey, row.OccurredAt });
        });
    }
}

/// <summary>A row of <c>user_profiles</c>. Times are UTC.</summary>
internal sealed class ProfileRow
{
    public int UserId { get; init; }
    public required string UserKey { get; init; }
    public required string Username { get; init; }
    public required string DisplayName { get; init; }
    public required string Email { get; init; }
    public required string Plan { get; init; }
    public DateTime JoinedAt { get; init; }
}

/// <summary>A row of <c>profile_activity</c>. Times are UTC.</summary>
internal sealed class ActivityRow
{
    public int ActivityId { get; init; }
    public required string UserKey { get; init; }
    public required string Kind { get; init; }
    public DateTime OccurredAt { get; init; }
}

/// <summary>Lets <c>dotnet ef</c> build migrations without starting the service.</summary>
internal sealed class DesignTimeProfileDbContext : IDesignTimeDbContextFactory<ProfileDbContext>
{
    public ProfileDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<ProfileDbContext>().UseSqlite("Data Source=:memory:").Options);
}
