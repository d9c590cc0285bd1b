using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MockSre.Web.Signals;

namespace MockSre.Web.WebConsole.Layout;

/// <summary>Shows a message in place of a failed component, and reports the exception once. Recovers on a retry or navigation.</summary>
public sealed partial class ConsoleErrorBoundary : IDisposable
{
    [Inject] private ConsoleSignals Signals { get; set; } = null!;
    [Inject] private NavigationManager Navigation { get; set; } = null!;
    [Inject] private ILogger<ConsoleErrorBoundary> Logger { get; set; } = null!;

    public void Dispose() => Navigation.LocationChanged -= RecoverOnNavigation;

    protected override void OnInitialized() => Navigation.LocationChanged += RecoverOnNavigation;

    protected override async Task OnErrorAsync(Exception exception)
    {
        // A browser's exception is no evidence: any visitor could forge it.
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
            // If a second component fails at the same time, the framework clears the message after it was rendered. Render again.
            await Task.Yield();
            StateHasChanged();
        }
    }

    private void RecoverOnNavigation(object? sender, EventArgs e) => _ = InvokeAsync(Recover);

    [LoggerMessage(LogLevel.Warning, "A script of the console failed in a browser")]
    private static partial void LogBrowserFailed(ILogger logger);
}
