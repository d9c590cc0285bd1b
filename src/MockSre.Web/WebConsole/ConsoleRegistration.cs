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

/// <summary>The console: what it is made of, and where it is served.</summary>
internal static class ConsoleRegistration
{
    /// <summary>How long a console that lost its connection may take to find it again before its circuit ends.</summary>
    public static readonly TimeSpan ReconnectWindow = TimeSpan.FromMinutes(1);

    /// <summary>Consoles that lost their connection and are kept for <see cref="ReconnectWindow"/>.</summary>
    public const int ReconnectLimit = 50;

    /// <summary>Messages on the screen at once; more of them wait.</summary>
    private const int SnackbarLimit = 3;

    public static void AddConsole(this IServiceCollection services, ListenAddresses addresses)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(circuits =>
        {
            circuits.DisconnectedCircuitRetentionPeriod = ReconnectWindow;
            circuits.DisconnectedCircuitMaxRetained = ReconnectLimit;

            // The state of a circuit that was given up is worth nothing: all that a page shows is of the moment.
            circuits.PersistedCircuitInMemoryMaxRetained = 0;
        }).AddHubOptions(hub =>
        {
            hub.HandshakeTimeout = ConsoleConnections.HandshakeWindow;
            hub.AddFilter<ConsoleConnections>();
        });
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomCenter;
            mud.SnackbarConfiguration.MaxDisplayedSnackbars = SnackbarLimit;
        });

        // Keys for this run alone: a restart ends what they protected, and no file is left on the machine.
        services.AddDataProtection();
        services.Configure<KeyManagementOptions>(keys => keys.XmlRepository = new KeysInMemory());
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = $"mocksre-forms-{addresses.Ports}";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });

        services.AddSingleton<AdminSessions>();
        services.AddSingleton<ConsoleSignals>();
        services.AddSingleton<ConsoleFeed>();
        services.AddSingleton<ConsolePlaces>();
        services.AddSingleton<ConsoleConnections>();
        services.AddScoped<ConsoleRights>();
        services.AddScoped<ConsoleActions>();
    }

    /// <summary>Tells requests of the console who makes them.</summary>
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

        // The policy of every page says who may frame it; the framework's own would be a second header.
        var pages = app.MapRazorComponents<App>().AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null);

        // The framework maps POST too, for forms that no page here has.
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
