using MockSre.Domain.Settings;

namespace MockSre.Domain.Tests.Settings;

public sealed class DatabaseUrlTests
{
    [Theory]
    [InlineData("sqlite:///./app.db", "./app.db")]
    [InlineData("sqlite:///data/app.db", "data/app.db")]
    [InlineData("sqlite:////var/lib/app.db", "/var/lib/app.db")]
    [InlineData("sqlite:///with space@home.db", "with space@home.db")]
    public void TryParse_File_GivesItsPath(string text, string path)
    {
        Assert.True(DatabaseUrl.TryParse(text, out var url));
        Assert.Equal(path, url.FilePath);
        Assert.False(url.IsInMemory);
    }

    [Theory]
    [InlineData("sqlite://")]
    [InlineData("sqlite:///:memory:")]
    public void TryParse_Memory_GivesNoPath(string text)
    {
        Assert.True(DatabaseUrl.TryParse(text, out var url));
        Assert.True(url.IsInMemory);
        Assert.Null(url.FilePath);
    }

    [Theory]
    [InlineData("")]
    [InlineData("app.db")]
    [InlineData("sqlite:app.db")]
    [InlineData("sqlite://app.db")]
    [InlineData("sqlite:///")]
    [InlineData("sqlite:///data/")]
    [InlineData("sqlite:////")]
    [InlineData("sqlite:///:memory:?cache=shared")]
    [InlineData("sqlite:///:other:")]
    [InlineData("sqlite:///app.db?mode=ro")]
    [InlineData("sqlite:///app\n.db")]
    [InlineData("SQLITE:///app.db")]
    [InlineData("sqlite+aiosqlite:///app.db")]
    [InlineData("postgresql://db/app")]
    public void TryParse_AnythingElse_IsRefused(string text)
    {
        Assert.False(DatabaseUrl.TryParse(text, out var url));
        Assert.Null(url);
    }
}
