using Microsoft.EntityFrameworkCore;
using MockSre.Web.Data;
using MockSre.Web.Incidents;

namespace MockSre.Web.Tests.Data;

/// <summary>The migrations make the tables of the models. The service does not compare them when it starts.</summary>
public sealed class MigrationsTests
{
    [Fact]
    public void Profiles_Model_HasNoChangeWithoutAMigration() =>
        AssertNoPendingChange(new DesignTimeProfileDbContext().CreateDbContext([]));

    [Fact]
    public void Incidents_Model_HasNoChangeWithoutAMigration() =>
        AssertNoPendingChange(new DesignTimeIncidentDbContext().CreateDbContext([]));

    private static void AssertNoPendingChange(DbContext context)
    {
        using (context)
        {
            Assert.False(context.Database.HasPendingModelChanges());
        }
    }
}
