using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace MockSre.Web.Tests.WebConsole;

/// <summary>A server that only has addresses, which a test can set.</summary>
internal sealed class FakeServer : IServer
{
    private readonly ServerAddressesFeature _addresses = new();

    public FakeServer()
    {
        Features.Set<IServerAddressesFeature>(_addresses);
        _addresses.Addresses.Add("http://localhost:8000");
    }

    public IFeatureCollection Features { get; } = new FeatureCollection();

    public ICollection<string> Addresses => _addresses.Addresses;

    public void Dispose()
    {
    }

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
