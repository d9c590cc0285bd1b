using Bunit;
using Microsoft.AspNetCore.Components;
using MockSre.Web.Console.Feed;
using MockSre.Web.Console.Pages;

namespace MockSre.Web.Tests.Console.Pages;

public class SignInPageTests : ConsoleTest
{
    [Fact]
    public void Render_NoTokenAskedFor_SaysThatThereIsNothingToSignInTo()
    {
        var page = RenderLive<SignInPage>();

        Assert.Contains("nothing to sign in to", page.Find("p").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("form"));
    }

    [Fact]
    public void Render_ATokenAskedFor_PostsItInAPasswordFieldWithALabel()
    {
        var page = Show("/sign-in");

        var form = page.Find("form");
        Assert.Equal(("post", "/session/sign-in"), (form.GetAttribute("method"), form.GetAttribute("action")));
        var field = page.Find("#token");
        Assert.Equal(("token", "password", "200"), (field.GetAttribute("name"), field.GetAttribute("type"), field.GetAttribute("maxlength")));
        Assert.Equal("Admin token", page.Find("label[for=token]").TextContent);
        Assert.Equal("submit", page.Find("form button").GetAttribute("type"));
        Assert.Empty(page.FindAll("[role=alert]"));
    }

    [Theory]
    [InlineData("wrong", "That is not the token of this service.")]
    [InlineData("too-many", "Too many wrong tokens: wait a minute before trying again.")]
    public void Render_AfterAProblem_ExplainsIt(string problem, string explanation) =>
        Assert.Equal(explanation, Show($"/sign-in?problem={problem}").Find("[role=alert]").TextContent);

    [Fact]
    public void Render_AProblemThatSomebodyMadeUp_IsNotRepeated()
    {
        var page = Show("/sign-in?problem=your-account-is-locked");

        Assert.Empty(page.FindAll("[role=alert]"));
        Assert.DoesNotContain("your-account", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_SignedIn_AsksForNothing()
    {
        Settings = Settings with { AdminToken = Token };
        Person.ComeWith(Sessions.Open());

        var page = Show("/sign-in?problem=wrong");

        Assert.Contains("You are signed in.", page.Find("p").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("form"));
    }

    private IRenderedComponent<LiveSnapshot> Show(string address)
    {
        Settings = Settings with { AdminToken = Token };
        Get<NavigationManager>().NavigateTo(address);
        return RenderLive<SignInPage>();
    }
}
