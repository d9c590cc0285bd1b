using MockSre.Domain.Settings;
using MockSre.Web.Data;

namespace MockSre.Web.Tests.Data;

public sealed class DatabaseLockTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mocksre-test");

    private DatabaseUrl Url => new(Path.Combine(_directory.FullName, "a.db"));

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void TryTake_HeldElsewhere_IsNullUntilTheLastHoldIsReleased()
    {
        using var ours = new DatabaseLock(Url);
        using var theirs = new DatabaseLock(Url);
        var first = ours.TryTake()!;
        var second = ours.TryTake()!;

        first.Dispose();
        first.Dispose();
        Assert.Null(theirs.TryTake());

        second.Dispose();
        using var taken = theirs.TryTake();
        Assert.NotNull(taken);
        Assert.Null(ours.TryTake());
    }

    [Fact]
    public void TryTake_FileLeftBehind_Succeeds()
    {
        File.WriteAllText(Url.FilePath + ".lock", "left");
        using var ours = new DatabaseLock(Url);

        using var taken = ours.TryTake();

        Assert.NotNull(taken);
    }

    [Fact]
    public void TryTake_SameFileByALink_IsTheSameLock()
    {
        File.WriteAllText(Url.FilePath!, "");
        var link = Path.Combine(_directory.FullName, "link.db");
        File.CreateSymbolicLink(link, Url.FilePath!);
        using var ours = new DatabaseLock(Url);
        using var theirs = new DatabaseLock(new DatabaseUrl(link));

        using var taken = ours.TryTake();

        Assert.NotNull(taken);
        Assert.Null(theirs.TryTake());
    }

    [Fact]
    public void TryTake_InMemory_IsAlwaysFree()
    {
        using var ours = new DatabaseLock(DatabaseUrl.InMemory);
        using var theirs = new DatabaseLock(DatabaseUrl.InMemory);

        Assert.NotNull(ours.TryTake());
        Assert.NotNull(theirs.TryTake());
    }

    [Fact]
    public async Task TakeAsync_ReleasedMeanwhile_Succeeds()
    {
        using var ours = new DatabaseLock(Url);
        using var theirs = new DatabaseLock(Url);
        var held = theirs.TryTake()!;
        var taking = ours.TakeAsync(TimeSpan.FromSeconds(30));

        held.Dispose();

        using var taken = await taking;
        Assert.NotNull(taken);
        Assert.Null(await theirs.TakeAsync(TimeSpan.Zero));
    }
}
