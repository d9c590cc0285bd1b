
namespace MockSre.Web.Tests.Access;

/// <summary>One service with a token, for tests that change nothing of it.</summary>
public sealed class TokenAppFixture : IAsyncLifetime
{
    internal MockSreApp App { get; } = MockSreApp.Start(("ADMIN_TOKEN", "correct-horse-battery-staple"));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => App.DisposeAsync().AsTask();
}
