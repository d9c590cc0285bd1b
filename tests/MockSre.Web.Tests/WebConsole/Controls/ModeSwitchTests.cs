using AngleSharp.Dom;
using Bunit;
using MockSre.Domain.Faults;
using MockSre.Domain.Settings;
using MockSre.Web.WebConsole;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

public class ModeSwitchTests : ComponentTest
{
    private static readonly string[] Names = ["none", "cache_off", "slow_query", "pool_saturation", "combined"];

    [Fact]
    public void Render_AnyMode_HasOneButtonForEachWithItsExactName() =>
        Assert.Equal(Names, Buttons(Show("none")).Select(button => button.TextContent));

    [Fact]
    public void Render_AnyMode_DescribesEachAsTheModeTableDoes()
    {
        var modes = Show("none");

        foreach (var info in Modes.All)
        {
            var button = Assert.Single(modes.FindAll("button"), button => button.TextContent == info.Name);
            var about = modes.Find($"#{button.GetAttribute("aria-describedby")}").TextContent;
            Assert.Contains($"Cache {info.Cache}, query {info.Query}, pool {info.Pool}.", about, StringComparison.Ordinal);
            Assert.Contains($"Expected signal: {info.ExpectedSignal}.", about, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("none", "none")]
    [InlineData("pool_saturation", "pool_saturation")]
    [InlineData(null, "")]
    public void Render_AMode_IsPressedAlone(string? mode, string pressed) =>
        Assert.Equal(pressed, string.Concat(
            Buttons(Show(mode)).Where(button => button.GetAttribute("aria-pressed") == "true").Select(button => button.TextContent)));

    [Theory]
    [InlineData("combined")]
    [InlineData("cache_off")]
    [InlineData("none")]
    public void Click_AMode_SetsItAsTheConsole(string mode)
    {
        Buttons(Show("none")).Single(button => button.TextContent == mode).Click();

        Assert.Equal((mode, ChangeSource.Console, 2), (Failures.LastChange.To, Failures.LastChange.Source, Failures.History.Count));
        Assert.Empty(Snacks);
    }

    [Fact]
    public void Render_Locked_DisablesEveryButton() =>
        Assert.All(Buttons(Show("none", locked: true)), button => Assert.True(button.HasAttribute("disabled")));

    [Fact]
    public void Click_OutsideDemo_SaysWhyAndSetsNothing()
    {
        Settings = Settings with { Environment = ServiceEnvironment.Local };

        Buttons(Show("none")).Single(button => button.TextContent == "combined").Click();

        Assert.Equal("none", Failures.LastChange.To);
        Assert.Equal(ConsoleRights.OnlyInDemo, Assert.Single(Snacks));
    }

    private static IReadOnlyList<IElement> Buttons(IRenderedComponent<ModeSwitch> modes) => [.. modes.FindAll("[role=group] button")];

    private IRenderedComponent<ModeSwitch> Show(string? current, bool locked = false) =>
        Render<ModeSwitch>(modes => modes.Add(it => it.Current, current).Add(it => it.Locked, locked));
}
