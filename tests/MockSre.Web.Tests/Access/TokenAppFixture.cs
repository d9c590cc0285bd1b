
namespace MockSre.Web.Tests.Access;

/// <summary>A service with a token, shared by tests that do not change it.</summary>
public sealed class TokenAppFixture : IAsyncLifetime
{
    internal MockSreApp App { get; } = MockSreApp.Start(("ADMIN_TOKEN", "correct-horse-battery-staple"));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => App.DisposeAsync().AsTask();
}
