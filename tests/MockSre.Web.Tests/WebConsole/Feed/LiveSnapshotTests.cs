using Bunit;
using Microsoft.AspNetCore.Components.Authorization;
using MockSre.Domain.Faults;
using MockSre.Web.Access;
using MockSre.Web.WebConsole.Feed;

namespace MockSre.Web.Tests.WebConsole.Feed;

public class LiveSnapshotTests : ComponentTest
{
    [Fact]
    public void Render_AtOnce_ShowsWhatIsNow()
    {
        Failures.Set(Modes.Combined, ChangeSource.AdminApi);

        var live = RenderLive<Watcher>();

        Assert.Equal("combined", Assert.Single(Shown(live)).Change.To);
        Assert.Equal(1, Feed.Watchers);
    }

    [Fact]
    public void Tell_EachSnapshot_IsRenderedOnce()
    {
        var live = RenderLive<Watcher>();

        Advance(3);

        Assert.Equal(4, Shown(live).Count);
        Assert.Same(Feed.Current, Shown(live)[^1]);
    }

    [Fact]
    public async Task Tell_SeveralBeforeItCouldRender_SkipsToTheNewest()
    {
        var live = RenderLive<Watcher>();

        await live.InvokeAsync(() =>
        {
            // This occupies the renderer, so nothing is rendered until the thread ends.
            var timer = new Thread(() =>
            {
                Advance(3);
                Failures.Set(Modes.Combined, ChangeSource.Console);
                Feed.Refresh();
            });
            timer.Start();
            timer.Join();
        });
        await live.InvokeAsync(() => { });

        Assert.Equal(2, Shown(live).Count);
        Assert.Equal("combined", Shown(live)[^1].Change.To);
    }

    [Fact]
    public async Task Dispose_ByTheCircuit_LetsGoOfTheFeed()
    {
        var live = RenderLive<Watcher>();
        var watcher = live.FindComponent<Watcher>().Instance;

        await DisposeComponentsAsync();
        Advance(5);

        Assert.Equal(0, Feed.Watchers);
        Assert.Single(watcher.Shown);
    }

    [Fact]
    public async Task Dispose_BeforeItKnowsWhoSitsThere_WatchesNothingAfterwards()
    {
        var person = new TaskCompletionSource<AuthenticationState>();
        Person.ComeLater(person.Task);
        RenderLive<Watcher>();

        await DisposeComponentsAsync();
        person.SetResult(new AuthenticationState(new System.Security.Claims.ClaimsPrincipal()));
        await Task.Yield();

        Assert.Equal(0, Feed.Watchers);
    }

    [Fact]
    public void Render_ASession_IsTakenOverBeforeAnythingIsAsked()
    {
        Settings = Settings with { AdminToken = Token };
        Assert.Equal(AdminDecision.Granted, Get<AdminAccess>().SignIn(Token, "local", out var session));
        Person.ComeWith(session!);

        RenderLive<Watcher>();

        Assert.True(Rights.SignedIn);
    }

    private static List<ConsoleSnapshot> Shown(IRenderedComponent<LiveSnapshot> live) => live.FindComponent<Watcher>().Instance.Shown;
}
