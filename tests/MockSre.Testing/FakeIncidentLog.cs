using MockSre.Domain.Incidents.Running;

namespace MockSre.Testing;

/// <summary>Collects the notes of a run.</summary>
public sealed class FakeIncidentLog : IIncidentLog
{
    /// <summary>For each failed attempt to store events, the number of waiting events.</summary>
    public List<int> NotKept { get; } = [];

    /// <summary>For each time that everything was stored again, the lines and signals dropped before.</summary>
    public List<(int Lines, int Signals)> Kept { get; } = [];

    /// <summary>The exceptions of failed alert deliveries.</summary>
    public List<Exception> FailedPages { get; } = [];

    /// <summary>The row limits at which imports ended.</summary>
    public List<int> FullImports { get; } = [];

    void IIncidentLog.NotKept(Exception exception, int waiting) => NotKept.Add(waiting);

    void IIncidentLog.Kept(int lines, int signals) => Kept.Add((lines, signals));

    void IIncidentLog.PageFailed(Exception exception) => FailedPages.Add(exception);

    void IIncidentLog.ImportFull(int rows) => FullImports.Add(rows);
}
