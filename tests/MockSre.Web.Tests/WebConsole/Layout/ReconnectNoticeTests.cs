using Bunit;
using MockSre.Web.WebConsole.Layout;

namespace MockSre.Web.Tests.WebConsole.Layout;

public class ReconnectNoticeTests : ComponentTest
{
    [Theory]
    [InlineData("components-reconnect-modal")]
    [InlineData("components-reconnect-current-attempt")]
    [InlineData("components-seconds-to-next-attempt")]
    [InlineData("reconnect-retry")]
    public void Render_TheParts_HaveTheIdsThatBlazorAndTheScriptLookFor(string id) =>
        Assert.Single(Render<ReconnectNotice>().FindAll($"#{id}"));
}
