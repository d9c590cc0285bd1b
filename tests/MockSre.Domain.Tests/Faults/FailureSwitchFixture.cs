using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Faults;
using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;

namespace MockSre.Domain.Tests.Faults;

/// <summary>A failure switch with a fake store and a fake clock.</summary>
public abstract class FailureSwitchFixture : IDisposable
{
    private FailureSwitch? _switch;

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 12, 10, 0, 0, TimeSpan.Zero));

    internal FakeProfileStore Store { get; } = new();

    /// <summary>The switch under test, created on first use. Set <see cref="Settings"/> before.</summary>
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
