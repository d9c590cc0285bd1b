using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Faults;
using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Tests.Faults;

/// <summary>A switch over a fake store on a clock that stands still.</summary>
public abstract class FailureSwitchFixture : IDisposable
{
    private FailureSwitch? _switch;

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 12, 10, 0, 0, TimeSpan.Zero));

    internal FakeProfileStore Store { get; } = new();

    /// <summary>The switch under test; set a mode of <see cref="Settings"/> before the first use.</summary>
    internal FailureSwitch Switch => _switch ??= new FailureSwitch(Settings, new FaultTimings(), Store, Time);

    internal ServiceSettings Settings { get; set; } = new();

    public void Dispose()
    {
        _switch?.Dispose();
        GC.SuppressFinalize(this);
    }

    internal static Task<UserProfile?> ReadAsync(Deployment deployment, int userId = 1) =>
        deployment.Profiles.ReadAsync(userId, new FakeTelemetry(), CancellationToken.None).AsTask();
}
