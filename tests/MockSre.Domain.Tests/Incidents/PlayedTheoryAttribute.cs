namespace MockSre.Domain.Tests.Incidents;

/// <summary>A theory about runs that are played on a fake clock; only where <c>PLAY=1</c> asks for it, since what it plays is not the same to the last request each time.</summary>
public sealed class PlayedTheoryAttribute : TheoryAttribute
{
    public PlayedTheoryAttribute() => Skip = Environment.GetEnvironmentVariable("PLAY") == "1" ? null : "PLAY=1 plays the scenarios.";
}
