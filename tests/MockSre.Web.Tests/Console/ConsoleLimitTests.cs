using Microsoft.Extensions.DependencyInjection;
using MockSre.Web.Console;

namespace MockSre.Web.Tests.Console;

public class ConsoleLimitTests
{
    [Fact]
    public async Task Open_OneTooMany_IsRefusedUntilAnotherCloses()
    {
        var limit = new ConsoleLimit();
        for (var console = 0; console < ConsoleLimit.Most; console++)
        {
            await limit.OnCircuitOpenedAsync(null!, default);
        }

        Assert.True(limit.IsReached);
        await Assert.ThrowsAsync<InvalidOperationException>(() => limit.OnCircuitOpenedAsync(null!, default));

        // A circuit that was refused is closed too.
        await limit.OnCircuitClosedAsync(null!, default);
        await limit.OnCircuitClosedAsync(null!, default);
        Assert.False(limit.IsReached);
    }

    [Theory]
    [InlineData("/", 503)]
    [InlineData("/signals", 503)]
    [InlineData("/_blazor", 503)]
    [InlineData("/_blazor/negotiate", 503)]
    [InlineData("/_blazor?id=of-one-that-is-open", 404)]
    [InlineData("/_blazor/disconnect", 405)]
    [InlineData("/health", 200)]
    [InlineData("/docs/", 200)]
    public async Task Get_AsManyAsMayBeAreOpen_OpensNoMoreAndLeavesTheRestAlone(string path, int status)
    {
        await using var app = MockSreApp.Start();
        using var http = app.CreateClient();
        var limit = app.Services.GetRequiredService<ConsoleLimit>();
        for (var console = 0; console < ConsoleLimit.Most; console++)
        {
            await limit.OnCircuitOpenedAsync(null!, default);
        }

        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(status, (int)response.StatusCode);
    }
}
