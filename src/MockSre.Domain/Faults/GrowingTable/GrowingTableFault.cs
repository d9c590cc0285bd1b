using MockSre.Domain.Profiles;

namespace MockSre.Domain.Faults.GrowingTable;

/// <summary>An import adds rows to the activity table all the time, so that a scan gets slower.</summary>
public sealed class GrowingTableFault : Fault
{
    public static readonly Number RowsPerS = new("import_rows_per_s", healthy: 0, least: 0, most: 100_000)
    {
        Description = "Rows a second that an import adds to the activity table.",
        IsRate = true,
    };

    public override string Name => "growing_table";
    public override IReadOnlyList<Setting> Settings => [RowsPerS];

    // A growing table alone does not break the service.
    public override bool IsIn(TraitSet traits) => false;

    public override IBackgroundJob? CreateJob(TraitSet traits, JobSite site) =>
        traits[RowsPerS] == 0 || site.IsForVisitors ? null : new ActivityImport(site.Pool, site.Store, traits[RowsPerS], site.Time);
}
