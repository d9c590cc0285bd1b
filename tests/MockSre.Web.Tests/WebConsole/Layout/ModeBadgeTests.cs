using Bunit;
using MockSre.Domain.Faults;
using MockSre.Domain.Faults.FullScan;
using MockSre.Web.WebConsole.Feed;
using MockSre.Web.WebConsole.Layout;

namespace MockSre.Web.Tests.WebConsole.Layout;

public class ModeBadgeTests : ComponentTest
{
    [Fact]
    public void Render_AHealthyMode_SaysSo()
    {
        var badge = Show();

        Assert.Equal(("Healthy", "Healthy"), (badge.Find(".badge.healthy").TextContent.Trim(), badge.Find("[role=status]").TextContent));
    }

    [Fact]
    public void Render_AModeThatTakesItselfOff_SaysWhenAndSpeaksOfTheModeAlone()
    {
        Failures.Set(Modes.Combined, ChangeSource.AdminApi, TimeSpan.FromSeconds(120));

        var badge = Show();

        Assert.Equal("until 10:02:00 UTC", badge.Find(".badge.broken .until").TextContent);
        Assert.Equal("Mode combined", badge.Find("[role=status]").TextContent);
    }

    [Fact]
    public void Render_ADeploymentOfNoMode_IsNamedByItsRelease()
    {
        Failures.Publish(new DeploymentPlan(Failures.Current.Traits, null, "e18c5a9"), ChangeSource.AdminApi);

        var badge = Show();

        Assert.Equal("Release e18c5a9", badge.Find("[role=status]").TextContent);
        Assert.Single(badge.FindAll(".badge.healthy"));
    }

    [Fact]
    public void Render_ADeploymentOfNoModeThatIsFaulty_SaysSo()
    {
        Failures.Publish(
            new DeploymentPlan(Failures.Current.Traits.With(FullScanFault.Enabled, true), null, "c95a017"), ChangeSource.AdminApi);

        Assert.Equal("Release c95a017", Show().Find(".badge.broken").TextContent.Trim());
    }

    private IRenderedComponent<LiveSnapshot> Show() => RenderLive<ModeBadge>();
}
