using Bunit;
using MockSre.Web.WebConsole.Pages;

namespace MockSre.Web.Tests.WebConsole.Pages;

public class SignInPageTests : ComponentTest
{
    [Fact]
    public void Render_NoTokenAskedFor_SaysThatThereIsNothingToSignInTo()
    {
        var page = Show(canSignIn: false);

        Assert.Contains("nothing to sign in to", page.Find("p").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("form"));
    }

    [Theory]
    [InlineData("", "/session/sign-in")]
    [InlineData("/mocksre", "/mocksre/session/sign-in")]
    public void Render_ATokenAskedFor_PostsItInAPasswordFieldWithALabel(string pathBase, string action)
    {
        var page = Show(pathBase: pathBase);

        var form = page.Find("form");
        Assert.Equal(("post", action), (form.GetAttribute("method"), form.GetAttribute("action")));
        var field = page.Find("#token");
        Assert.Equal(
            ("token", "password", "200"), (field.GetAttribute("name"), field.GetAttribute("type"), field.GetAttribute("maxlength")));
        Assert.Equal("Admin token", page.Find("label[for=token]").TextContent);
        Assert.Equal("submit", page.Find("form button").GetAttribute("type"));
        Assert.Empty(page.FindAll("[role=alert]"));
    }

    [Theory]
    [InlineData("wrong", "The token is wrong.")]
    [InlineData("too-many", "Too many wrong tokens. Wait a minute and try again.")]
    public void Render_AfterAProblem_ExplainsIt(string problem, string explanation) =>
        Assert.Equal(explanation, Show(problem: problem).Find("[role=alert]").TextContent);

    [Fact]
    public void Render_AProblemThatSomebodyMadeUp_IsNotRepeated()
    {
        var page = Show(problem: "your-account-is-locked");

        Assert.Empty(page.FindAll("[role=alert]"));
        Assert.DoesNotContain("your-account", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_SignedIn_AsksForNothing()
    {
        var page = Show(isSignedIn: true, problem: "wrong");

        Assert.Contains("You are signed in.", page.Find("p").TextContent, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("form"));
    }

    [Fact]
    public void Render_Locked_LoadsNothing()
    {
        var page = Show(isLocked: true);

        Assert.Single(page.FindAll("form"));
        Assert.Empty(page.FindAll("[src], link[href]"));
    }

    private IRenderedComponent<SignInPage> Show(
        string pathBase = "", bool canSignIn = true, bool isSignedIn = false, bool isLocked = false, string? problem = null) =>
        Render<SignInPage>(parameters => parameters
            .Add(page => page.PathBase, pathBase)
            .Add(page => page.CanSignIn, canSignIn)
            .Add(page => page.IsSignedIn, isSignedIn)
            .Add(page => page.IsLocked, isLocked)
            .Add(page => page.Problem, problem));
}
