namespace MockSre.Domain.Incidents.Running;

/// <summary>Takes notes of trouble with a run: the log in the service, a list in tests. Its methods must not throw.</summary>
public interface IIncidentLog
{
    /// <summary>Events could not be kept. They wait, and are tried again about once a second.</summary>
    /// <param name="exception">Why.</param>
    /// <param name="waiting">Events that wait now.</param>
    void NotKept(Exception exception, int waiting);

    /// <summary>Everything is kept again.</summary>
    /// <param name="lines">Lines of the log that were dropped meanwhile.</param>
    /// <param name="signals">Signals that were dropped meanwhile.</param>
    void Kept(int lines, int signals);

    /// <summary>The page failed.</summary>
    void PageFailed(Exception exception);

    /// <summary>The import of a run has ended at the limit of its table.</summary>
    /// <param name="rows">The limit.</param>
    void ImportFull(int rows);
}
