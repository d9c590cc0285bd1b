using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MockSre.Web.Http;
using MockSre.Web.WebConsole;

namespace MockSre.Web.Tests.WebConsole;

public class ConsolePlacesTests
{
    private const string A = "192.0.2.1";
    private const string B = "192.0.2.2";

    private readonly FakeTimeProvider _time = new();
    private readonly ConsolePlaces _places;

    public ConsolePlacesTests() => _places = new ConsolePlaces(new ConnectionLimits(60, 10), _time);

    [Fact]
    public void Most_ManyDescriptors_IsTwoHundredAndHalfOfThemForOneClient()
    {
        var places = new ConsolePlaces(ConnectionLimits.For(null, poolLimit: 20), _time);

        Assert.Equal((200, 100), (places.Most, places.MostPerClient));
        Assert.Equal((20, 10), (_places.Most, _places.MostPerClient));
    }

    [Fact]
    public void TryReserve_OneClientTakesAllItCan_LeavesPlacesForOthers()
    {
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => _places.TryReserve(A)));
        Assert.Equal((false, true), (_places.HasRoom(A), _places.HasRoom(B)));
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => _places.TryReserve(B)));
        Assert.Equal((20, false), (_places.Taken, _places.TryReserve("192.0.2.3")));
    }

    [Fact]
    public void TryReserve_NeverOpened_Lapses()
    {
        Fill(A);
        _time.Advance(ConsolePlaces.OpeningWindow - TimeSpan.FromSeconds(1));
        Assert.False(_places.TryReserve(A));

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((0, true), (_places.Taken, _places.TryReserve(A)));
    }

    [Fact]
    public void TryOpen_Reserved_TakesNoSecondPlaceAndDoesNotLapse()
    {
        Fill(A);
        var open = Enumerable.Range(0, 10).Select(_ => _places.TryOpen(A)).ToList();

        Assert.All(open, Assert.NotNull);
        Assert.Null(_places.TryOpen(A));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, _places.Taken);
    }

    [Fact]
    public void CancelReservation_AfterARefusal_GivesThePlaceBack()
    {
        Fill(A);

        _places.CancelReservation(A);

        Assert.Equal((true, false), (_places.TryReserve(A), _places.TryReserve(A)));
    }

    [Fact]
    public void Close_WithACircuit_KeepsThePlaceForItsClientForAMinute()
    {
        Fill(A);
        Fill(B);
        _places.Close(_places.TryOpen(A)!, keep: true);

        // The place is kept for its client only.
        Assert.Equal((true, false), (_places.HasRoom(A), _places.HasRoom(B)));
        Assert.Equal((20, true, 20), (_places.Taken, _places.TryReserve(A), _places.Taken));
    }

    [Fact]
    public void Close_WithACircuitThatIsNotFoundAgain_EndsAfterAMinute()
    {
        _places.TryReserve(A);
        _places.Close(_places.TryOpen(A)!, keep: true);
        _time.Advance(ConsoleRegistration.ReconnectWindow - TimeSpan.FromSeconds(1));
        Assert.Equal(1, _places.Taken);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(0, _places.Taken);
    }

    [Fact]
    public void Close_WithoutACircuit_GivesThePlaceBackAtOnce()
    {
        _places.TryReserve(A);

        _places.Close(_places.TryOpen(A)!, keep: false);

        Assert.Equal(0, _places.Taken);
    }

    [Theory]
    [InlineData("/", 503)]
    [InlineData("/signals", 503)]
    [InlineData("/_blazor", 503)]
    [InlineData("/_BLAZOR/", 503)]
    [InlineData("/_blazor?id=", 503)]
    [InlineData("/_blazor?id=of-one-that-is-open", 404)]
    [InlineData("/_blazor/disconnect", 405)]
    [InlineData("/health", 200)]
    [InlineData("/docs/", 200)]
    [InlineData("/sign-in", 200)]
    public async Task Get_EveryPlaceOfTheClientTaken_OpensNoMoreAndLeavesTheRestAlone(string path, int status)
    {
        await using var app = MockSreApp.Start(("ADMIN_TOKEN", "open-sesame-4c1f"));
        using var http = app.CreateClient();
        var places = app.Services.GetRequiredService<ConsolePlaces>();
        while (places.TryReserve("local"))
        {
        }

        using var response = await http.GetAsync(new Uri(path, UriKind.Relative));

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("/_blazor/negotiate?negotiateVersion=1&id=mine")]
    public async Task Negotiate_AgainAndAgain_IsRefusedWhenTheClientHasAllItMay(string path)
    {
        await using var app = MockSreApp.Start();
        using var http = app.CreateClient();
        var places = app.Services.GetRequiredService<ConsolePlaces>();
        for (var negotiation = 0; negotiation < places.MostPerClient; negotiation++)
        {
            using var answer = await http.PostAsync(path);
            Assert.Equal(200, (int)answer.StatusCode);
        }

        using var refused = await http.PostAsync(path);

        await refused.ProblemAsync(503);
        Assert.Equal("60", refused.Header("Retry-After"));
    }

    private void Fill(string client)
    {
        while (_places.TryReserve(client))
        {
        }
    }
}
