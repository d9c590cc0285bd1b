using MockSre.Domain.Incidents.Running;

namespace MockSre.Testing;

/// <summary>Collects the notes of a run.</summary>
public sealed class FakeIncidentLog : IIncidentLog
{
    /// <summary>Events that waited, each time that they could not be kept.</summary>
    public List<int> NotKept { get; } = [];

    /// <summary>Lines and signals that were dropped, each time that everything was kept again.</summary>
    public List<(int Lines, int Signals)> Kept { get; } = [];

    /// <summary>Pages that failed.</summary>
    public List<Exception> FailedPages { get; } = [];

    /// <summary>Limits that an import ended at.</summary>
    public List<int> FullImports { get; } = [];

    void IIncidentLog.NotKept(Exception exception, int waiting) => NotKept.Add(waiting);

    void IIncidentLog.Kept(int lines, int signals) => Kept.Add((lines, signals));

    void IIncidentLog.PageFailed(Exception exception) => FailedPages.Add(exception);

    void IIncidentLog.ImportFull(int rows) => FullImports.Add(rows);
}
