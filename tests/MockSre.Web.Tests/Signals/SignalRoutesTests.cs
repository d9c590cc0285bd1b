using Microsoft.Extensions.Logging.Abstractions;
using MockSre.Domain.Settings;
using MockSre.Domain.Signals;
using MockSre.Web.Signals;

namespace MockSre.Web.Tests.Signals;

public sealed class SignalRoutesTests
{
    // The environment alone decides, not the time or the number of the deployment.
    [Theory]
    [InlineData("production", true)]
    [InlineData("demo", false)]
    [InlineData("local", false)]
    [InlineData(null, false)]
    public async Task For_ASignal_GoesWhereItsEnvironmentSays(string? environment, bool isBlind)
    {
        var settings = new ServiceSettings
        {
            SentryDsn = new Uri("http://open@localhost:1/1"),
            SentryBlindDsn = new Uri("http://blind@localhost:1/2"),
        };
        var inbox = new SignalInbox(TimeProvider.System);
        await using var routes = new SignalRoutes(settings, inbox, TimeProvider.System, NullLogger<EnvelopeSender>.Instance);
        var error = Envelopes.Error();
        error["environment"] = environment;
        var signals = inbox.Add(Envelopes.Of("event", error), SignalState.Local).Signals;

        Assert.Single(signals);
        Assert.NotNull(routes.For(signals));
        Assert.Equal(isBlind, routes.For(signals) != routes.For([]));
    }
}
