using Bunit;
using MockSre.Domain.Settings;
using MockSre.Web.WebConsole;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

public class RightsNoticeTests : ComponentTest
{
    [Fact]
    public void Render_EverythingAllowed_SaysNothing() => Assert.Empty(RenderLive<RightsNotice>().FindAll("*"));

    [Fact]
    public void Render_OutsideDemo_SaysHowToStartIt()
    {
        Settings = Settings with { Environment = ServiceEnvironment.Local };

        var notice = RenderLive<RightsNotice>();

        Assert.Equal(ConsoleRights.OnlyInDemo, notice.Find(".notice span").TextContent);
        Assert.Empty(notice.FindAll("a"));
    }

    [Fact]
    public void Render_WithoutASession_LeadsToTheSignIn()
    {
        Settings = Settings with { AdminToken = Token };

        var notice = RenderLive<RightsNotice>();

        Assert.Equal(ConsoleRights.SignInFirst, notice.Find(".notice span").TextContent);
        Assert.Equal("sign-in", notice.Find("a").GetAttribute("href"));
    }

    [Fact]
    public void Render_ASessionThatEndsElsewhere_SaysSoWithTheNextSecond()
    {
        Settings = Settings with { AdminToken = Token };
        var session = Sessions.Open();
        Person.ComeWith(session);
        var notice = RenderLive<RightsNotice>();
        Assert.Empty(notice.FindAll(".notice"));

        Sessions.Close(session);
        Advance(1);

        Assert.Equal(ConsoleRights.SignInFirst, notice.Find(".notice span").TextContent);
    }

    [Fact]
    public void Render_SignedInOutsideDemo_DoesNotAskToSignInAgain()
    {
        Settings = Settings with { AdminToken = Token, Environment = ServiceEnvironment.Local };
        Person.ComeWith(Sessions.Open());

        Assert.Empty(RenderLive<RightsNotice>().FindAll("a"));
    }
}
