namespace MockSre.Domain.Incidents.Running;

/// <summary>Logs trouble with a run. Its methods must not throw.</summary>
public interface IIncidentLog
{
    /// <summary>Events could not be kept. They wait, and are tried again about once a second.</summary>
    /// <param name="waiting">Events that wait.</param>
    void NotKept(Exception exception, int waiting);

    /// <summary>Events can be kept again.</summary>
    /// <param name="lines">Log lines that were dropped meanwhile.</param>
    /// <param name="signals">Signals that were dropped meanwhile.</param>
    void Kept(int lines, int signals);

    void PageFailed(Exception exception);

    /// <summary>The import of a run has ended at the limit of its table.</summary>
    /// <param name="rows">The limit.</param>
    void ImportFull(int rows);
}
