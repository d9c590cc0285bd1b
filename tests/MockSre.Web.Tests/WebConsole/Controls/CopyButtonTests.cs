using Bunit;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

public class CopyButtonTests : ComponentTest
{
    [Theory]
    [InlineData(true, "Copied the file.")]
    [InlineData(false, "The browser did not allow copying the file. Select the text instead.")]
    public void Click_Either_SaysWhetherTheBrowserTookTheWholeText(bool lets, string said)
    {
        var copy = JSInterop.Setup<bool>("mockSre.copy", _ => true).SetResult(lets);
        var button = Render<CopyButton>(it => it.Add(button => button.What, "the file").Add(button => button.Text, "all of it"));
        Assert.Equal("Copy the file", button.Find("button").GetAttribute("aria-label"));

        button.Find("button").Click();

        Assert.Equal("all of it", Assert.Single(Assert.Single(copy.Invocations).Arguments));
        Assert.Equal(said, Assert.Single(Snacks));
    }
}
