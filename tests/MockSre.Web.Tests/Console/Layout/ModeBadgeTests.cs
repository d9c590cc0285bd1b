using Bunit;
using MockSre.Domain.Failures;
using MockSre.Web.Console.Layout;

namespace MockSre.Web.Tests.Console.Layout;

public class ModeBadgeTests : ConsoleTest
{
    [Fact]
    public void Render_AHealthyMode_SaysSo()
    {
        var badge = Show();

        Assert.Equal(("Mode none", "Failure mode none"), (badge.Find(".badge.healthy").TextContent.Trim(), badge.Find("[role=status]").TextContent));
    }

    [Fact]
    public void Render_AModeThatTakesItselfOff_SaysWhenAndSpeaksOfTheModeAlone()
    {
        Failures.Set(FailureMode.Combined, ChangeSource.AdminApi, TimeSpan.FromSeconds(120));

        var badge = Show();

        Assert.Equal("until 10:02:00 UTC", badge.Find(".badge.faulty .until").TextContent);
        Assert.Equal("Failure mode combined", badge.Find("[role=status]").TextContent);
    }

    [Fact]
    public void Render_ADeploymentOfNoMode_IsNamedByItsRelease()
    {
        Failures.Publish(new DeploymentPlan(Failures.Current.Traits, null, "e18c5a9"), ChangeSource.AdminApi);

        Assert.Equal("Failure mode e18c5a9", Show().Find("[role=status]").TextContent);
    }

    private IRenderedComponent<ModeBadge> Show() => Render<ModeBadge>(badge => badge.Add(it => it.Change, Failures.LastChange));
}
