
namespace MockSre.Web.Tests.Incidents;

/// <summary>A run under investigation, shared by tests that do not change it.</summary>
public sealed class OpenIncidentFixture : IAsyncLifetime
{
    internal IncidentApp App { get; } = IncidentApp.Start();

    internal string Id { get; private set; } = null!;

    public async Task InitializeAsync() => Id = await App.InvestigateAsync();

    /// <summary>A path of the OpenAPI document with valid values for its parameters.</summary>
    internal string PathOf(string template) => template.TrimEnd('/')
        .Replace("{mode}", "none", StringComparison.Ordinal)
        .Replace("{user_id}", "1", StringComparison.Ordinal)
        .Replace("{id}", Id, StringComparison.Ordinal)
        .Replace("{event_id}", Id, StringComparison.Ordinal);

    public Task DisposeAsync() => App.DisposeAsync().AsTask();
}
