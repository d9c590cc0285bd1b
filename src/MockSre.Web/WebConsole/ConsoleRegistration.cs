using System.Collections.Concurrent;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.SignalR;
using MockSre.Web.Access;
using MockSre.Web.Http;
using MockSre.Web.Signals;
using MockSre.Web.WebConsole.Feed;
using MudBlazor;
using MudBlazor.Services;

namespace MockSre.Web.WebConsole;

internal static class ConsoleRegistration
{
    /// <summary>A circuit without a connection ends after this time.</summary>
    public static readonly TimeSpan ReconnectWindow = TimeSpan.FromMinutes(1);

    /// <summary>Most circuits kept for <see cref="ReconnectWindow"/>.</summary>
    public const int ReconnectLimit = 50;

    // Further messages wait.
    private const int SnackbarLimit = 3;

    public static void AddConsole(this IServiceCollection services, ListenAddresses addresses)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitRetentionPeriod = ReconnectWindow;
            circuits.DisconnectedCircuitMaxRetained = ReconnectLimit;

            // Pages show only current data, so the state of an ended circuit is worthless.
            circuits.PersistedCircuitInMemoryMaxRetained = 0;
        }).AddHubOptions(hub =>
        {
            hub.HandshakeTimeout = ConsoleConnections.HandshakeWindow;
            hub.AddFilter<ConsoleConnections>();
        });

        // Keys live in memory: a restart invalidates forms and circuits, and nothing is written to disk.
        services.AddDataProtection();
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new KeysInMemory());
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = $"mocksre-forms-{addresses.Ports}";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });

        services.AddConsoleState();
    }

    /// <summary>What the components of the console are given, apart from the framework's own services.</summary>
    public static void AddConsoleState(this IServiceCollection services)
    {
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter;
            mud.SnackbarConfiguration.MaxDisplayedSnackbars = SnackbarLimit;
        });
        services.AddSingleton<AdminSessions>();
        services.AddSingleton<ConsoleSignals>();
        services.AddSingleton(provider => PageStyle.Read(provider.GetRequiredService<IWebHostEnvironment>()));
        services.AddSingleton<ConsoleFeed>();
        services.AddSingleton<ConsolePlaces>();
        services.AddSingleton<ConsoleConnections>();
        services.AddScoped<ConsoleRights>();
        services.AddScoped<ConsoleActions>();
    }

    /// <summary>Reads the session of console requests, and limits open consoles.</summary>
    public static void UseConsole(this WebApplication app)
    {
        app.UseWhen(
            context => !context.Request.Path.StartsWithSegments("/api"),
            console => console
                .Use((context, next) =>
                {
                    SessionCookie.Read(context);
                    return next(context);
                })
                .UseMiddleware<ConsolePlaceGuard>());
        app.UseAntiforgery();
    }

    public static void MapConsole(this WebApplication app)
    {
        app.MapStaticAssets();

        // ContentPolicy sets frame-ancestors. The framework's own policy would be a second header.
        var pages = app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);

        // The framework also maps POST, for forms that no page has.
        pages.Finally(page =>
        {
            if (page.Metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { } methods && methods.HttpMethods.Contains(HttpMethods.Get))
            {
                page.Metadata.Remove(methods);
                page.Metadata.Add(new HttpMethodMetadata([HttpMethods.Get]));
            }
        });
    }

    private sealed class KeysInMemory : IXmlRepository
    {
        private readonly ConcurrentQueue<XElement> _keys = new();

        public IReadOnlyCollection<XElement> GetAllElements() => [.. _keys];

        public void StoreElement(XElement element, string friendlyName) => _keys.Enqueue(element);
    }
}
