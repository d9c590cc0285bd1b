using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MockSre.Domain.Faults;
using MockSre.Domain.Fixtures;
using MockSre.Domain.Incidents.Running;
using MockSre.Domain.Load;
using MockSre.Domain.Profiles;
using MockSre.Domain.Settings;
using MockSre.Domain.Signals;
using MockSre.Domain.Traffic;
using MockSre.Web.Access;
using MockSre.Web.Composition;
using MockSre.Web.Http;
using MockSre.Web.Incidents;
using MockSre.Web.WebConsole;
using MockSre.Web.WebConsole.Feed;
using MudBlazor;

namespace MockSre.Web.Tests.WebConsole;

/// <summary>Renders components with the real domain, a fake clock, and no network.</summary>
public abstract class ComponentTest : BunitContext, IAsyncLifetime
{
    protected const string Token = "correct-horse-battery-staple";

    protected ComponentTest()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddFeatures();
        Services.AddConsoleState();

        // These replace the product's registrations: the last one wins.
        Services.Configure<PopoverOptions>(popover => popover.CheckForPopoverProvider = false);
        Services.AddSingleton<TimeProvider>(Time);

        // Services read the settings when they are created, so a test can change them first.
        Services.AddTransient(_ => Settings);
        Services.AddSingleton<IProfileStore>(new FakeProfileStore());
        Services.AddSingleton(_ => new LoadGenerator(Service.SendAsync, Time));
        Services.AddSingleton(_ => new FixtureReader(Fixtures.FullName));
        Services.AddSingleton(Scenarios.Catalog);
        Services.AddSingleton<IServer>(Server);
        Services.AddSingleton(new ConnectionLimits(100, 100));
        Services.AddSingleton(new PageStyle(""));
        Services.AddSingleton<AuthenticationStateProvider>(Person);
        var (hub, recording) = RecordingHub.Create();
        Services.AddSingleton(hub);
        Hub = recording;
    }

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 12, 10, 0, 0, TimeSpan.Zero));

    internal ServiceSettings Settings { get; set; } = new()
    {
        Environment = ServiceEnvironment.Demo,
        Database = DatabaseUrl.InMemory,
        IncidentsDatabase = DatabaseUrl.InMemory,
    };

    internal FakeService Service { get; } = new();

    internal FakeServer Server { get; } = new();

    internal FakePerson Person { get; } = new();

    internal FixtureDirectory Fixtures { get; } = new();

    internal RecordingHub Hub { get; }

    internal FailureSwitch Failures => Get<FailureSwitch>();

    internal LiveMetrics Metrics => Get<LiveMetrics>();

    internal LoadGenerator Loads => Get<LoadGenerator>();

    internal IncidentRuns Runs => Get<IncidentRuns>();

    internal IncidentRun? OpenRun => Get<CurrentRun>().Run;

    internal IncidentStore Store => Get<IncidentStore>();

    internal SignalInbox Inbox => Get<SignalInbox>();

    internal ConsoleFeed Feed => Get<ConsoleFeed>();

    internal ConsoleRights Rights => Get<ConsoleRights>();

    internal ConsoleActions Actions => Get<ConsoleActions>();

    internal AdminSessions Sessions => Get<AdminSessions>();

    internal IEnumerable<string?> Snacks => Get<ISnackbar>().ShownSnackbars.Select(snack => snack.Message);

    async Task IAsyncLifetime.InitializeAsync() => Assert.Null(await Store.PrepareAsync());

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeAsync();
        Fixtures.Dispose();
    }

    internal T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    /// <summary>Renders a component as the console does, below the component that provides the live snapshot.</summary>
    internal IRenderedComponent<LiveSnapshot> RenderLive<T>(Action<ComponentParameterCollectionBuilder<T>>? parameters = null)
        where T : IComponent => Render<LiveSnapshot>(live => live.AddChildContent(parameters));

    /// <summary>Advances the clock in steps of the poll interval. In one large step, all timers would see its end.</summary>
    internal void Advance(double seconds)
    {
        for (var left = TimeSpan.FromSeconds(seconds); left > TimeSpan.Zero; left -= ConsoleFeed.PollInterval)
        {
            Time.Advance(left < ConsoleFeed.PollInterval ? left : ConsoleFeed.PollInterval);
        }
    }

    /// <summary>Counts a profile request that ends now.</summary>
    internal void Request(int status = 200, double ms = 5, Domain.Profiles.CacheOutcome? cache = null) =>
        Metrics.End(Metrics.Begin(), new RequestSample(status, TimeSpan.FromMilliseconds(ms), cache, 0, User: "3", Label: "none"));

    internal LoadRun Start(LoadPlan plan)
    {
        Assert.True(Loads.TryStart(plan, out var run));
        return run;
    }
}
