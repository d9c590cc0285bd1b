using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MockSre.Web.Signals;

namespace MockSre.Web.WebConsole.Layout;

/// <summary>Shows a message in place of what failed, tells Sentry once, and tries again when the person goes elsewhere or asks for it.</summary>
public sealed partial class ConsoleErrorBoundary : IDisposable
{
    [Inject]
    private ConsoleSignals Signals { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private ILogger<ConsoleErrorBoundary> Logger { get; set; } = null!;

    /// <summary>Follows the person no more.</summary>
    public void Dispose() => Navigation.LocationChanged -= TryElsewhere;

    /// <inheritdoc/>
    protected override void OnInitialized() => Navigation.LocationChanged += TryElsewhere;

    /// <inheritdoc/>
    protected override async Task OnErrorAsync(Exception exception)
    {
        // What a browser says is no evidence, and anybody who may look could say it.
        if (exception is JSException)
        {
            LogBrowserFailed(Logger);
        }
        else
        {
            await base.OnErrorAsync(exception);
            Signals.Failed(exception, $"/{Navigation.ToBaseRelativePath(Navigation.Uri).Split('?', '#')[0]}");
        }

        if (CurrentException is not null)
        {
            // Where a second part fails at once, the framework clears the place after the message was drawn.
            await Task.Yield();
            StateHasChanged();
        }
    }

    private void TryElsewhere(object? sender, EventArgs e) => _ = InvokeAsync(Recover);

    [LoggerMessage(LogLevel.Warning, "A script of the console failed in a browser")]
    private static partial void LogBrowserFailed(ILogger logger);
}
