using MockSre.Domain.Profiles;

namespace MockSre.Testing;

/// <summary>Records the telemetry calls of a request.</summary>
public sealed class FakeTelemetry : IProfileTelemetry
{
    public List<string> Calls { get; } = [];

    public void CacheAsked() => Calls.Add("Asked");

    public void CacheAnswered(CacheOutcome outcome) => Calls.Add(outcome.ToString());

    public void ConnectionNeeded() => Calls.Add("Needed");

    public void ConnectionAwaited(ConnectionPool pool) => Calls.Add($"Awaited {pool.Status.Waiting}");

    public void ConnectionLeased(ConnectionPool pool) => Calls.Add("Leased");

    public void DatabaseReadStarting() => Calls.Add("Read");
}
