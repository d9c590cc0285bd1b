using Bunit;
using Microsoft.AspNetCore.Components;
using MockSre.Domain.Signals;
using MockSre.Web.Signals;
using MockSre.Web.WebConsole.Layout;

namespace MockSre.Web.Tests.WebConsole.Layout;

public class ConsoleErrorBoundaryTests : ComponentTest
{
    private bool _broken = true;

    [Fact]
    public void Child_Well_IsAllThatIsShown()
    {
        _broken = false;

        Assert.Equal("all is well", Show().Markup);
        Assert.Empty(Hub.Events);
    }

    [Fact]
    public void Child_Fails_ShowsAMessageInItsPlace()
    {
        var boundary = Show();

        var message = boundary.Find("[role=alert]");
        Assert.Contains("This part of the console failed", message.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("the part is broken", boundary.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Child_Fails_TellsSentryOnceWhichPageItWas()
    {
        Get<NavigationManager>().NavigateTo("/signals?event=1234#part");

        var boundary = Show();
        boundary.Render();
        boundary.Render();

        var captured = Assert.Single(Hub.Events);
        Assert.Equal("the part is broken", captured.Exception?.Message);
        var context = Assert.IsType<Dictionary<string, object>>(captured.Contexts[SignalNames.ConsoleContext]);
        Assert.Equal("/signals", Assert.Single(context, pair => pair.Key == SignalNames.ConsolePage).Value);
    }

    [Fact]
    public void TryAgain_TheChildIsWell_ShowsIt()
    {
        var boundary = Show();
        _broken = false;

        boundary.Find("button").Click();

        Assert.Equal("all is well", boundary.Markup);
        Assert.Single(Hub.Events);
    }

    [Fact]
    public void TryAgain_TheChildFailsAgain_IsAnotherEvent()
    {
        var boundary = Show();

        boundary.Find("button").Click();

        Assert.NotNull(boundary.Find("[role=alert]"));
        Assert.Equal(2, Hub.Events.Count);
    }

    [Fact]
    public void Child_FailsAgainAndAgain_IsToldOfAFewTimesOnly()
    {
        var boundary = Show();

        for (var again = 0; again < ConsoleSignals.Limit + 5; again++)
        {
            boundary.Find("button").Click();
        }

        Assert.Equal(ConsoleSignals.Limit, Hub.Events.Count);
        Assert.NotNull(boundary.Find("[role=alert]"));
    }

    [Fact]
    public void Child_FailsForWhatABrowserSays_IsNoSignal()
    {
        var boundary = Render<ConsoleErrorBoundary>(boundary => boundary.AddChildContent<Fragile>(
            child => child.Add(it => it.Fails, () => throw new Microsoft.JSInterop.JSException("whatever a browser wants to say"))));

        Assert.NotNull(boundary.Find("[role=alert]"));
        Assert.Empty(Hub.Events);
    }

    [Fact]
    public void Navigation_ElsewhereAfterAFailure_TriesAgain()
    {
        var boundary = Show();
        _broken = false;

        boundary.Render();
        Assert.NotNull(boundary.Find("[role=alert]"));

        Get<NavigationManager>().NavigateTo("/fixtures");
        Assert.Equal("all is well", boundary.Markup);
    }

    private IRenderedComponent<ConsoleErrorBoundary> Show() =>
        Render<ConsoleErrorBoundary>(boundary => boundary.AddChildContent<Fragile>(child => child.Add(it => it.Fails, () => _broken)));
}
