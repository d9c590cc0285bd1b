namespace MockSre.Web.Incidents;

/// <summary>A run as it was read from the database.</summary>
/// <param name="Header">Once it says closed, all events are written.</param>
/// <param name="Incident">The sum of the events.</param>
/// <param name="LastBatch">The number of the last batch of events that was read.</param>
internal sealed record KeptRun(IncidentHeader Header, IncidentRecord Incident, int LastBatch)
{
    /// <summary>Whether the run does not change any more.</summary>
    public bool IsFinal => Header.ClosedAt is not null;

    public IncidentFile File => new(Incident, Header.Score);
}
