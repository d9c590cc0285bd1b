namespace MockSre.Web.Tests.Incidents;

/// <summary>A run that can be investigated, for tests that change nothing of it.</summary>
public sealed class OpenIncidentFixture : IAsyncLifetime
{
    internal IncidentApp App { get; } = IncidentApp.Start();

    internal string Id { get; private set; } = null!;

    public async Task InitializeAsync() => Id = await App.InvestigateAsync();

    public Task DisposeAsync() => App.DisposeAsync().AsTask();
}
