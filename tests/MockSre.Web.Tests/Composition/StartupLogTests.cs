using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Faults;
using MockSre.Domain.Settings;
using MockSre.Web.Composition;

namespace MockSre.Web.Tests.Composition;

public sealed class StartupLogTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<FailureSwitch> _logger = new();
    private readonly FailureSwitch _failures;

    public StartupLogTests()
    {
        _failures = new FailureSwitch(new ServiceSettings(), new FaultTimings(), new FakeProfileStore(), _time);
        _failures.LogChanges(_logger);
    }

    public void Dispose() => _failures.Dispose();

    [Fact]
    public void LogChanges_AMode_IsNamedWithItsRelease()
    {
        _failures.Set(Modes.Combined, ChangeSource.Console);

        Assert.Equal(["Information: Failure mode none -> combined, release d40f3b2 (Console)"], _logger.Lines);
    }

    [Theory]
    [InlineData("incident_b", false)]
    [InlineData(null, true)]
    public void LogChanges_DeploysOfARun_AreNamedByTheirReleasesAlone(string? label, bool isBlind)
    {
        Deploy("b71e4d8", ChangeSource.Incident);
        Deploy("8a2c5e0", ChangeSource.Investigator);
        _failures.Restore(ChangeSource.Incident);

        Assert.Equal(
            [
                "Information: Deploy b71e4d8",
                "Information: Deploy 8a2c5e0",
                "Information: Failure mode (incident run) -> none, release 8a2c5e0 (Incident)",
            ],
            _logger.Lines);

        void Deploy(string release, ChangeSource source)
        {
            var plan = Modes.PlanOf(Modes.CacheOff, new ServiceSettings(), new FaultTimings());
            _failures.Publish(plan with { Label = label, Release = release, IsBlind = isBlind }, source);
        }
    }
}
