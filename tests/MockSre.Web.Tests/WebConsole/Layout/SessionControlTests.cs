using Bunit;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Layout;

namespace MockSre.Web.Tests.WebConsole.Layout;

public class SessionControlTests : ComponentTest
{
    [Fact]
    public void Render_NoTokenAskedFor_OffersNothing() => Assert.Empty(RenderLive<SessionControl>().FindAll("*"));

    [Fact]
    public void Render_WithoutASession_LeadsToTheSignIn()
    {
        Settings = Settings with { AdminToken = Token };

        var control = RenderLive<SessionControl>();

        Assert.Equal(("sign-in", "Sign in"), (control.Find("a").GetAttribute("href"), control.Find("a").TextContent));
        Assert.Empty(control.FindAll("form"));
    }

    [Fact]
    public void Render_WithASessionUntilItEnds_PostsTheSignOut()
    {
        Settings = Settings with { AdminToken = Token };
        var session = Sessions.Open();
        Person.ComeWith(session);

        IRenderedComponent<LiveSnapshot> control = RenderLive<SessionControl>();
        var form = control.Find("form");
        Assert.Equal(
            ("post", "session/sign-out", "submit"),
            (form.GetAttribute("method"), form.GetAttribute("action"), control.Find("button").GetAttribute("type")));
        Assert.DoesNotContain(session, control.Markup, StringComparison.Ordinal);

        Sessions.Close(session);
        Advance(1);
        Assert.Empty(control.FindAll("form"));
    }
}
