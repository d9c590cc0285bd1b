using MockSre.Domain.Incidents;
using MockSre.Domain.Incidents.Grading;

namespace MockSre.Web.Incidents;

/// <summary>Gives access to runs as an investigator sees them.</summary>
internal sealed class Investigations(
    IncidentHistory history, IncidentRuns runs, CurrentRun current, ScenarioCatalog catalog, TimeProvider time)
{
    /// <exception cref="RefusedException">There is no such run.</exception>
    public async Task<Investigation> GetAsync(string id) =>
        await FindAsync(id) ?? throw new RefusedException(RefusalKind.NotFound, "Unknown incident", "There is no incident of this id.");

    /// <returns>Null for an unknown id.</returns>
    public async Task<Investigation?> FindAsync(string id)
    {
        return await history.FindAsync(id) is { } file
            ? new Investigation(file.Incident, file.Score, current.Find(id)?.Run, CloseAsync, catalog.Vocabulary, time)
            : null;

        async Task<Score?> CloseAsync()
        {
            await runs.CloseAsync(id, CloseReason.Finished);
            return (await history.GetAsync(id)).Score;
        }
    }
}
