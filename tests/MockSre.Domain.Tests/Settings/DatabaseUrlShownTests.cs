using MockSre.Domain.Settings;

namespace MockSre.Domain.Tests.Settings;

public sealed class DatabaseUrlShownTests
{
    [Theory]
    [InlineData("sqlite://", "sqlite://")]
    [InlineData("sqlite:///:memory:", "sqlite://")]
    [InlineData("sqlite:///./app.db", "sqlite:///./app.db")]
    [InlineData("sqlite:////home/somebody/data/app.db", "sqlite:////…/app.db")]
    [InlineData("sqlite:////app.db", "sqlite:////…/app.db")]
    public void Shown_AnyUrl_NamesNoDirectoryOfThisMachine(string text, string shown)
    {
        Assert.True(DatabaseUrl.TryParse(text, out var url));

        Assert.Equal(shown, url.Shown);
    }

    [Theory]
    [InlineData("sqlite://")]
    [InlineData("sqlite:///./app.db")]
    [InlineData("sqlite:////home/somebody/app.db")]
    public void Shown_AnyUrl_CanBeReadAgain(string text)
    {
        Assert.True(DatabaseUrl.TryParse(text, out var url));

        Assert.True(DatabaseUrl.TryParse(url.Shown, out _));
    }
}
