using MockSre.Domain.Profiles;

namespace MockSre.Testing;

/// <summary>Records the telemetry calls of a request.</summary>
public sealed class FakeTelemetry : IProfileTelemetry
{
    public List<string> Told { get; } = [];

    public void CacheAsked() => Told.Add("Asked");

    public void CacheAnswered(CacheOutcome outcome) => Told.Add(outcome.ToString());

    public void ConnectionNeeded() => Told.Add("Needed");

    public void ConnectionAwaited(ConnectionPool pool) => Told.Add($"Awaited {pool.Status.Waiting}");

    public void ConnectionLeased(ConnectionPool pool) => Told.Add("Leased");

    public void DatabaseReadStarting() => Told.Add("Read");
}
