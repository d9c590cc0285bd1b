using Bunit;
using MockSre.Web.WebConsole.Controls;

namespace MockSre.Web.Tests.WebConsole.Controls;

public class RawJsonTests : ComponentTest
{
    [Fact]
    public void Render_Closed_SendsNothingOfIt() =>
        Assert.DoesNotContain("secretly long", Show("secretly long").Markup, StringComparison.Ordinal);

    [Fact]
    public void Toggle_OpenAndClosed_ShowsAndDropsIt()
    {
        var raw = Show("{\"a\": 1}");

        Toggle(raw);
        Assert.Equal("{\"a\": 1}", raw.Find("pre").TextContent);
        Assert.Equal(("/api/x", "x.json"), (raw.Find("a").GetAttribute("href"), raw.Find("a").GetAttribute("download")));
        Assert.Equal("Copy the file", raw.Find("button").GetAttribute("aria-label"));

        Toggle(raw);
        Assert.Empty(raw.FindAll("pre"));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public void Toggle_AtAndBeyondTheLimit_CutsAndSaysSo(int more, bool cut)
    {
        var raw = Show(new string('x', RawJson.MaxShown + more));

        Toggle(raw);

        Assert.Equal(RawJson.MaxShown, raw.Find("pre").TextContent.Length);
        Assert.Equal(
            cut ? ["The first 100,000 of 100,001 characters. Copy and Download give all."] : [],
            raw.FindAll("p").Select(text => text.TextContent));
    }

    [Fact]
    public void Copy_WhatWasCut_CopiesAllOfIt()
    {
        var copy = JSInterop.Setup<bool>("mockSre.copy", _ => true).SetResult(true);
        var text = new string('x', RawJson.MaxShown + 1);
        var raw = Show(text);
        Toggle(raw);

        raw.Find("button").Click();

        Assert.Equal(text, Assert.Single(Assert.Single(copy.Invocations).Arguments));
    }

    [Fact]
    public void Toggle_JsonThatHoldsMarkup_ShowsItAsText()
    {
        var raw = Show("</pre><img src=x onerror=alert(1)>");

        Toggle(raw);

        Assert.Empty(raw.FindAll("img"));
        Assert.Equal("</pre><img src=x onerror=alert(1)>", raw.Find("pre").TextContent);
    }

    private static void Toggle(IRenderedComponent<RawJson> raw) => raw.Find("summary").Click();

    private IRenderedComponent<RawJson> Show(string text) => Render<RawJson>(it => it
        .Add(raw => raw.What, "the file").Add(raw => raw.Text, text).Add(raw => raw.Address, "/api/x").Add(raw => raw.File, "x.json"));
}
