using MockSre.Checks;

namespace MockSre.Web.Tests.Browser;

/// <summary>Which browser the tests use, and when they are skipped.</summary>
public sealed class ChromiumTests
{
    [Theory]
    [InlineData(null, "/usr/bin/chromium-headless-shell")]
    [InlineData("", "/usr/bin/chromium-headless-shell")]
    [InlineData("/opt/chrome", "/opt/chrome")]
    public void Find_SeveralThere_TakesTheNamedOrTheCheapestOne(string? named, string expected) =>
        Assert.Equal(expected, Chromium.Find(named, "/usr/bin:/snap/bin", _ => true));

    [Theory]
    [InlineData("/snap/bin/chromium")]
    [InlineData("/usr/bin/google-chrome")]
    [InlineData("/snap/bin/chromium-browser")]
    public void Find_OneOnThePath_IsFound(string there) =>
        Assert.Equal(there, Chromium.Find(named: null, "/usr/bin:/snap/bin", there.Equals));

    [Fact]
    public void Find_NamedOneIsNotThere_TakesNoOther() =>
        Assert.Null(Chromium.Find("/opt/chrome", "/usr/bin", file => file != "/opt/chrome"));

    [Fact]
    public void Find_NoPath_FindsNone() => Assert.Null(Chromium.Find(named: null, path: null, _ => false));

    [Theory]
    [InlineData("/usr/bin/chromium", null)]
    [InlineData("/usr/bin/chromium", "1")]
    [InlineData(null, "1")]
    public void ReasonToSkip_BrowserThereOrRequired_IsNone(string? chromium, string? required) =>
        Assert.Null(BrowserFactAttribute.ReasonToSkip(chromium, required));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    public void ReasonToSkip_NoBrowser_SaysHowToGetOne(string? required)
    {
        var reason = BrowserFactAttribute.ReasonToSkip(chromium: null, required);

        Assert.Contains("apt-get install chromium-headless-shell", reason, StringComparison.Ordinal);
        Assert.Contains("CHROMIUM=/", reason, StringComparison.Ordinal);
    }
}
