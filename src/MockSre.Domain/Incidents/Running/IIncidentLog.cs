namespace MockSre.Domain.Incidents.Running;

/// <summary>Logs trouble with a run. Its methods must not throw.</summary>
public interface IIncidentLog
{
    /// <summary>Events could not be kept. They wait, and are tried again about once a second.</summary>
    void NotKept(Exception exception, int waiting);

    /// <summary>Events can be kept again. Log lines and signals were dropped meanwhile.</summary>
    void Kept(int lines, int signals);

    void PageFailed(Exception exception);

    /// <summary>The import of a run has ended at the limit of its table.</summary>
    void ImportFull(int rows);
}
