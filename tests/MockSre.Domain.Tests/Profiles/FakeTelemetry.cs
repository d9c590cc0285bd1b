using MockSre.Domain.Profiles;

namespace MockSre.Domain.Tests.Profiles;

/// <summary>Writes down what a request tells.</summary>
internal sealed class FakeTelemetry : IProfileTelemetry
{
    public List<string> Told { get; } = [];

    public void CacheAnswered(CacheOutcome outcome) => Told.Add(outcome.ToString());

    public void DatabaseReadStarting() => Told.Add("Read");
}
